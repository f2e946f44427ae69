namespace NotebookKit.Mend;

/// <summary>What several edits did. Shares are of questions, from 0 to 1; NaN where nothing of the kind was asked.</summary>
public sealed record EditMetrics
{
    private readonly JudgedQuestion[] _edited, _rephrased;

    /// <summary>The scores of some edits.</summary>
    public EditMetrics(IReadOnlyCollection<JudgedEdit> edits)
    {
        Edits = edits.Count;
        Steps = edits.Select(e => (double)e.Steps).DefaultIfEmpty(double.NaN).Average();
        _edited = [.. edits.Select(e => e.Edited)];
        _rephrased = [.. edits.SelectMany(e => e.Rephrasings)];
        Others = edits.SelectMany(e => e.Others).GroupBy(group => group.Key, group => group.Value).ToDictionary(group => group.Key, group => new LocalityMetrics([.. group.SelectMany(q => q)]));
    }

    /// <summary>How many edits.</summary>
    public int Edits { get; }

    /// <summary>Forward and backward passes of an edit, on average.</summary>
    public double Steps { get; }

    /// <summary>
    /// Edit success on rephrasings: share of them whose whole new answer is the most probable, token by token after the right ones.
    /// It is <c>edit/acc</c> of the authors' code, which its tables print.
    /// </summary>
    public double Success => Share(_rephrased, q => q.RightAfter);

    /// <summary>The same on the edited question itself.</summary>
    public double OnPrompt => Share(_edited, q => q.RightAfter);

    /// <summary>ES of the paper's Eq. 1: over the edited questions and their rephrasings together.</summary>
    public double Union => _edited.Length == 0 ? double.NaN : Share([.. _edited, .. _rephrased], q => q.RightAfter);

    /// <summary>Efficacy of CounterFact (ES in Meng et al. 2022): share of edited questions whose new answer is now more probable than the old one.</summary>
    public double Efficacy => Share(_edited, q => q.PrefersNew);

    /// <summary>Paraphrase score of CounterFact (PS): the same on rephrasings.</summary>
    public double Paraphrase => Share(_rephrased, q => q.PrefersNew);

    /// <summary>Efficacy on zsRE as ROME and its successors define it: share of the answer's tokens that are right, not of whole answers.</summary>
    public double TokenEfficacy => Tokens(_edited);

    /// <summary>Paraphrase on zsRE in that sense.</summary>
    public double TokenParaphrase => Tokens(_rephrased);

    /// <summary>What the edits did to the rest, group by group.</summary>
    public IReadOnlyDictionary<string, LocalityMetrics> Others { get; }

    /// <summary>The score of CounterFact: the harmonic mean of efficacy, paraphrase and specificity in a group.</summary>
    /// <param name="group">The group of neighbours.</param>
    public double Score(string group) => 3 / (1 / Efficacy + 1 / Paraphrase + 1 / Others[group].Specificity);

    /// <summary>Everything that is not NaN, with its name.</summary>
    public IEnumerable<(string Metric, double Value)> Figures()
    {
        (string Metric, double Value)[] values =
        [
            ("success", Success), ("success on the prompt", OnPrompt), ("ES of Eq. 1", Union), ("efficacy", Efficacy), ("paraphrase", Paraphrase),
            ("token efficacy", TokenEfficacy), ("token paraphrase", TokenParaphrase), ("steps", Steps),
            .. Others.SelectMany(group => new (string, double)[]
            {
                ($"drawdown, {group.Key}", group.Value.Drawdown), ($"perplexity drawdown, {group.Key}", group.Value.PerplexityDrawdown),
                ($"divergence, {group.Key}", group.Value.Divergence), ($"specificity, {group.Key}", group.Value.Specificity),
            }),
        ];
        return values.Where(v => !double.IsNaN(v.Value));
    }

    internal static double Share(IEnumerable<JudgedQuestion> questions, Func<JudgedQuestion, bool?> holds) =>
        questions.Select(holds).OfType<bool>().Select(held => held ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    internal static double Tokens(JudgedQuestion[] questions) =>
        questions.Select(q => q.TokensRight / (double)q.Example.Target.Count).DefaultIfEmpty(double.NaN).Average();
}

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
