using System.Globalization;
using NotebookKit.Mend;

namespace NotebookKit.Studies.Mend;

/// <summary>One setting in three places.</summary>
/// <param name="What">The setting.</param>
/// <param name="Paper">What the paper says; "-" where it says nothing.</param>
/// <param name="Code">What the authors' code does.</param>
/// <param name="Here">What a study does.</param>
public sealed record Deviation(string What, string Paper, string Code, string Here);

/// <summary>What a study does otherwise than paper and authors' code: made from the study, so that it cannot fall behind it.</summary>
public static class MendDeviations
{
    /// <summary>The table of a study.</summary>
    public static IReadOnlyList<Deviation> Of(MendStudy study)
    {
        long m = study.Model.HiddenSize, width = m + (study.Model.InnerSize ?? 4 * m);
        MendTrainingOptions t = study.Training;
        return
        [
            new("V at the start", "Xavier", "N(0, 1)", study.Mend.StartOfV == StartOfV.Xavier ? "Xavier" : "N(0, 1)"),
            new("Adam's first step, on a normalised feature", "-", Number(new MendOptions { StartOfV = StartOfV.Normal }.FirstStep(3840, 1e-6)), Number(study.Mend.FirstStep(width, t.LearningRate))),
            new("learning rate of the networks", "1e-6", "1e-6, constant", $"{Number(t.LearningRate)}, {t.Schedule.ToString().ToLowerInvariant()}"),
            new("learning rate of alpha", "-", "1e-6 (its own 1e-4 is never used)", Number(t.AlphaLearningRate)),
            new("alpha at the start, and sign of the update", "W - alpha ∇", "W + alpha ∇, +1e-4", $"W - alpha ∇, {Number(study.Mend.InitialAlpha)}"),
            new("rank", "1,920", "1,920", $"{study.Mend.Rank}"),
            new("ReLU on the last layer", "yes", "yes", study.Mend.ClampLast ? "yes" : "no"),
            new("bias in the second layer", "no", "yes", "yes"),
            new("statistics of u and δ", "over the training", "gathered in training", study.StatisticsEdits > 0 ? $"fitted once on {study.StatisticsEdits} edits" : "gathered in training"),
            new("edits of an update", "10", "10 (11 the first time)", $"{study.EditsPerStep * t.Accumulate}"),
            new("x_loc of an edit", "1, at random", "1, at random", $"{study.LocalityQuestions}, {(study.Neighbours ? "every other one a neighbour" : "at random")}"),
            new("several edits at once", "sum", "mean of tokens", study.Mend.Reduction == LossReduction.SumOfExamples ? "sum" : "mean of tokens"),
            new("weight of the edit's loss, c_e", "0.1", "0.1", Number(t.EditWeight)),
            new("updates, and when it stops", "≤ 500,000, after 20,000 without gain", "≤ 1,000,000 iterations, likewise", $"{t.Steps:N0}, all of them"),
            new("edited blocks", "last 3 (BART, T5: 2 + 2)", "the same", $"last {study.EditedBlocks}"),
            new("success", "on the edit and its rephrasings (Eq. 1)", "on the rephrasing", "on rephrasings; Eq. 1 as its own row"),
            new("labels smoothed when the model learns", "-", "-", study.Learning.LabelSmoothing > 0 ? $"{Number(study.Learning.LabelSmoothing)}, so that an edit has a gradient" : "no"),
            new("fine-tuning", "one rate a model, ≤ 100 steps, until right", "the same", $"rate chosen of {study.Rates.Count}, ≤ {study.FineTuning.MaximumSteps} steps, until right; with a margin beside it"),
            new("MEND's strength", "1", "1", $"chosen of {study.Strengths.Count}, on the same edits as fine-tuning's rate"),
            new("ENN's gradient", "second order", "second order", "first order"),
        ];
    }

    /// <summary>What a reader of the papers would guess wrongly about the editors' code.</summary>
    public static IReadOnlyList<Deviation> Surprises { get; } =
    [
        new("rate of the learned rates", "-", "the option lr_lr (1e-4) is never used: gradients are cleared before its step, the main rate moves them", "a rate of their own, used"),
        new("weight of ENN's base loss", "-", "cbase only enters the printed total; the loss has weight 1", "1"),
        new("FEVER's edits", "label drawn with p = .5", "half of them ask for what the model says already: doing nothing scores about .5", "always flipped"),
        new("zsRE's rephrasings", "back-translations", "only those that the base model answers alike", "held-out phrasings, whether or not the model knows them"),
        new("ROME's key", "one", "two: the mean over 21 prompts gives the direction, the bare prompt the constraint", "one; two with prefixes"),
        new("ROME's divergence", "on \"{subject} is a\", weight 1e2", "read at the subject's last token, weight .0625", "on the subject alone, .0625, which is the same"),
        new("FT+L", "stop at .03", "all target tokens are read off one position; the loss cannot fall below ln 2 for two tokens; stop at .01", "as the code; the layer's bias stays"),
        new("GRACE's value", "-", "written over all tokens but the last, which is the query", "over the question, the query among it"),
        new("GRACE's same answer", "-", "equal means of the label ids", "equal answers"),
        new("MALMEN's normaliser", "-", "over-estimates the deviation, and validation data move it", "exact, fitted once"),
        new("what success means", "exact match (MEND, SERAC), token share (MALMEN, ROME on zsRE), P(new) > P(old) (CounterFact), set F1 (GRACE)", "the same", "exact match on rephrasings; token share and P(new) > P(old) as rows of their own"),
        new("what locality means", "gold accuracy (MEND, MALMEN), unchanged arg-max (SERAC), perplexity (generation)", "the same", "gold accuracy, perplexity and KL, group by group"),
    ];

    private static string Number(double value) => value.ToString("0.###e0", CultureInfo.InvariantCulture) is var text && value is >= 0.001 and < 1000 ? value.ToString("0.####", CultureInfo.InvariantCulture) : text;
}
