using NotebookKit.Models;
using NotebookKit.Play;
using NotebookKit.Play.Edit;
using NotebookKit.Play.Mask;
using NotebookKit.Play.Prompt;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Mend;
using NotebookKit.Studies.Pmi;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;
using NotebookKit.Tokenizers;
using NotebookKit.Training;

namespace NotebookKit.Tests.Play;

/// <summary>Benches over a text, facts and prompts that fit a test: their models are random, or trained in a second or two.</summary>
internal static class TinyStands
{
    public const string Sentence = "The first day of the week is less than zero.";

    /// <summary>Distinct sentences in which some words keep together.</summary>
    public static TextCorpus Text { get; } = TextCorpus.FromTexts("a tiny text", "", 1,
        from thing in new[] { "number", "string", "method", "value", "index", "week", "file", "thread" }
        from verb in new[] { "is less than zero", "has the first day of the week", "returns the floating point number" }
        from end in new[] { "again", "today", "for every type", "in a loop", "at the end" }
        select $"The {thing} {verb} {end}.");

    public static MaskingStudy Masking { get; } = MaskingExperiments.Of("smoke") with
    {
        Entries = 60,
        MinCount = 3,
        Pieces = new() { VocabularySize = 90, MinimumFrequency = 1 },
        Model = MaskingExperiments.Of("smoke").Model with { HiddenSize = 16, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 32 },
        Pretraining = MaskingExperiments.Of("smoke").Pretraining with { BatchSize = 8, Training = new() { Steps = 3, WarmUpSteps = 1, LearningRate = 3e-3 } },
    };

    public static FactBook Book { get; } = new("toy",
        [.. Enumerable.Range(0, 20).SelectMany(i => new Fact[] { new("colour", $"thing {i}", $"shade{i % 5}", 2020), new("size", $"thing {i}", $"size{i % 4}") })],
        [
            new("colour", ["What colour is {0}?", "Name the colour of {0}."], ["Tell me the colour of {0}."]),
            new("size", ["What size is {0}?", "Tell me the size of {0}."], ["Name the size of {0}."]),
        ],
        [new("colour", "thing 3", "shade4", 2024)]);

    public static MendStudy Mending { get; } = MendStudy.Of("smoke") with
    {
        Relations = [],
        Unseen = [],
        TaughtIn = 0,
        Model = MendStudy.Of("smoke").Model with { HiddenSize = 32, NumHiddenLayers = 2 },
        Learning = new() { BatchSize = 40, Training = new() { Steps = 240, WarmUpSteps = 10, LearningRate = 5e-3 } },
        Training = MendStudy.Of("smoke").Training with { Steps = 4 },
        StatisticsEdits = 8,
        FineTuning = new() { MaximumSteps = 100 },
    };

    public static PromptTasks Prompts { get; } = new([new("topic", false,
        new PromptCollection("toy", "news",
        [
            new Prompt("which", "{{ text }} What is it about: {{ answer_choices | join(\", \") }}? ||| {{ answer_choices[label] }}", "sport ||| weather ||| the stock market"),
            new Prompt("short", "{{ text }} ||| {{ answer_choices[label] }}", "sport ||| weather ||| the stock market"),
        ]), [], _ => [.. Enumerable.Range(0, 6).Select(i => new PromptExample([new("text", $"The news of day {i}."), new("label", i % 3)]))])]);

    public static T0Study Prompting { get; } = T0Experiments.Of("smoke") with
    {
        Datasets = [],
        Pieces = new() { VocabularySize = 90, MinimumFrequency = 1 },
        Model = T0Experiments.Of("smoke").Model with { DModel = 16, DKv = 8, DFf = 32, NumLayers = 1, NumHeads = 2 },
        Start = new() { Steps = 2, BatchSize = 4 },
        Training = T0Experiments.Of("smoke").Training with { BatchSize = 4, MicroBatchSize = 4, Training = new() { Steps = 3, WarmUpSteps = 1 } },
        ValidationExamples = 2,
        TestExamples = 2,
    };

    public static RankingModels Models()
    {
        var tokens = TextTokens.Of(WordPieceTrainer.Train(Text.Sentences, new() { VocabularySize = 90, MinimumFrequency = 1 }));
        return new(tokens, [.. new[] { "no prompt", "one prompt", "all prompts" }.Select((name, i) =>
        {
            T5ForConditionalGeneration model = new(new() { VocabSize = tokens.Count, DModel = 16, DKv = 8, DFf = 32, NumLayers = 1, NumHeads = 2, DropoutRate = 0, PadTokenId = tokens.PaddingId, EosTokenId = tokens.EndId }, i);
            model.eval();
            return new RankingModel(name, new RankClassifier(model, tokens) { InputLength = 64, TargetLength = 16 }, model);
        })], "Three random models.");
    }

    public static MaskBench Mask() => MaskPreparation.Prepare(Text, Masking, null);

    public static EditBench Edit() => EditPreparation.Prepare(Book, Mending, null);

    public static PromptBench Prompt() => new(Prompts, Models());

    public static PlayStands All() => new(
        new("mask", (_, _, _) => Mask(), "no time"), new("prompt", (_, _, _) => Prompt()), new("edit", (_, _, _) => Edit()));

    /// <summary>A server whose benches are ready.</summary>
    public static async Task<PlayServer> ServeAsync(PlayOptions? options = null, CancellationToken cancellation = default)
    {
        TorchRuntime.Load();
        var server = await PlayServer.StartAsync(All(), options ?? new());
        foreach (string bench in (string[])["mask", "prompt", "edit"]) server.Prepare(bench, "smoke");
        while (!server.States().All(s => s.IsReady))
        {
            if (server.States().FirstOrDefault(s => s.Problem.Length > 0) is { } failed) Assert.Fail($"{failed.Name}: {failed.Problem}");
            await Task.Delay(50, cancellation);
        }
        return server;
    }
}
