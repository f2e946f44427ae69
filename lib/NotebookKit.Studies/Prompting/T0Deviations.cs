using System.Globalization;
using NotebookKit.Display;

namespace NotebookKit.Studies.Prompting;

/// <summary>What a study does otherwise than paper and authors' code: made from the study, so that it cannot fall behind it.</summary>
public static class T0Deviations
{
    /// <summary>The table of a study: paper, authors' code, here.</summary>
    /// <param name="study">The study.</param>
    public static Card Of(T0Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var t = study.Training;
        return new("What is done otherwise", ["paper", "authors' code", "here"],
            ("start, p = 0", ["T5 + 100,000 steps of language modelling", "google/t5-xxl-lm-adapt", study.Start.Synthetic
                ? $"{study.Start.Steps:N0} steps: copying{(study.Start.Matching ? ", matching" : "")} on random pieces, spans, prefixes" : $"{study.Start.Steps:N0} steps of spans and prefixes"]),
            ("initial weights", ["-", "pretrained", study.Mimetic is null ? "T5's" : "T5's, encoder W_q from W_k, decoder W_o from W_v"]),
            ("batch", ["1,024 sequences, 2^20 input tokens", "packed rows, several examples each", $"{t.BatchSize} examples, sorted by length over {t.SortedBatches} batches"]),
            ("lengths", ["1,024 and 256", "longer ones are cut", $"{t.InputLength} and {t.TargetLength}; longer ones are drawn anew or dropped and counted"]),
            ("optimizer", ["Adafactor, 1e-3", "Adafactor, constant, in proportion to a weight's size", t.Adafactor is null
                ? $"AdamW, {Number(t.Training.LearningRate)} ({Number(t.Training.LearningRate * t.EmbeddingRateShare)} for embeddings), {t.Training.Schedule.ToString().ToLowerInvariant()} to 0" : "Adafactor"]),
            ("steps", ["12,200", "12,200", $"{t.Training.Steps:N0}"]),
            ("dropout", ["0.1", "0.1", Number(study.Model.DropoutRate)]),
            ("checkpoint", ["best on validation splits of trained sets", "the same", $"best of {study.Checks} on validation rows of trained prompts"]),
            ("data sets", ["39", $"{T0Datasets.Training.Count} in the table of their sizes", study.Datasets.Count > 0 ? $"{study.Datasets.Count}" : "all that there are"]),
            ("mixture", ["capped at 500,000 examples a set", "a set above the cap counts cap / prompts for each prompt, one below it its size for each", study.MixtureCap > 0
                ? $"the code's rule, cap {study.MixtureCap:N0}{(study.Examples <= study.MixtureCap ? ", which no set is above: each by its size" : "")}" : "data sets alike"]),
            ("prompts for evaluation", ["all of a held-out set", "those that pose its own task", "those that pose its own task"]),
            ("wrong choices", ["the data set's", "the data set's", "drawn from the same namespace, as long as the right one in pieces"]),
            ("held out", ["tasks", "tasks", "prompts, a data set, tasks; all examples of a type in one part"]));
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
