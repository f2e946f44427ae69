namespace NotebookKit.Mend;

/// <summary>What edits did to a group of questions whose answers must stay.</summary>
public sealed record LocalityMetrics
{
    private readonly JudgedQuestion[] _questions;

    internal LocalityMetrics(JudgedQuestion[] questions) => _questions = questions;

    /// <summary>How many questions.</summary>
    public int Questions => _questions.Length;

    /// <summary>DD of the paper (§2.1) for questions: accuracy before, less accuracy after.</summary>
    public double Drawdown => AccuracyBefore - AccuracyAfter;

    /// <summary>Share of whole answers that were right before.</summary>
    public double AccuracyBefore => EditMetrics.Share(_questions, q => q.RightBefore);

    /// <summary>Share of whole answers that are right now.</summary>
    public double AccuracyAfter => EditMetrics.Share(_questions, q => q.RightAfter);

    /// <summary>DD for generation: perplexity after, less perplexity before; exp of the mean -log p over all answer tokens.</summary>
    public double PerplexityDrawdown => Perplexity(q => q.NllAfter) - Perplexity(q => q.NllBefore);

    /// <summary>exp of the mean -log p over all answer tokens before the edits.</summary>
    public double PerplexityBefore => Perplexity(q => q.NllBefore);

    /// <summary>KL(before ‖ after), in nats: the mean over the answer tokens of a question, then over questions.</summary>
    public double Divergence => _questions.Select(q => q.Divergence).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Specificity of CounterFact (NS): share of questions whose true answer is more probable than the edit's new one.</summary>
    public double Specificity => EditMetrics.Share(_questions, q => q.PrefersNew);

    /// <summary>Specificity on zsRE in ROME's sense: share of answer tokens that are right now.</summary>
    public double TokenSpecificity => EditMetrics.Tokens(_questions);

    private double Perplexity(Func<JudgedQuestion, double> nll) =>
        _questions.Length == 0 ? double.NaN : Math.Exp(_questions.Sum(nll) / _questions.Sum(q => q.Example.Target.Count));
}
