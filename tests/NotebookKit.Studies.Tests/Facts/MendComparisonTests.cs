using NotebookKit.Mend;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Mend;
using TorchSharp;

namespace NotebookKit.Tests.Facts;

/// <summary>A model that is small enough to learn forty facts in a second or two, and what the comparison does with it.</summary>
public sealed class MendComparisonTests : IDisposable
{
    private static readonly FactBook Book = new("toy",
        [.. Enumerable.Range(0, 20).SelectMany(i => new Fact[] { new("colour", $"thing {i}", $"shade{i % 5}"), new("size", $"thing {i}", $"size{i % 4}") })],
        [
            new("colour", ["What colour is {0}?", "Name the colour of {0}."], ["Tell me the colour of {0}."]),
            new("size", ["What size is {0}?", "Tell me the size of {0}."], ["Name the size of {0}."]),
        ]);

    private static readonly MendStudy Study = MendStudy.Of("smoke") with
    {
        Unseen = [],
        Model = MendStudy.Of("smoke").Model with { HiddenSize = 32 },
        Learning = new() { BatchSize = 40, Training = new() { Steps = 240, WarmUpSteps = 10, LearningRate = 5e-3 } },
        Training = MendStudy.Of("smoke").Training with { Steps = 4 },
        Tested = 6,
        Batches = [1, 3],
        LookEvery = 1,
    };

    private readonly MendComparison _comparison = new(EditingWorld.Of(Book, []), torch.CPU);

    [Fact]
    public void The_model_knows_what_it_was_taught_and_edits_leave_it_bit_for_bit_as_it_was()
    {
        EditableGpt2 model = _comparison.Model(Study, 1, cancellation: TestContext.Current.CancellationToken);
        using EditBatch all = _comparison.Batch(model, Book.TrainedQuestions);
        Assert.True(model.Says(all).Average(right => right ? 1.0 : 0) > 0.9);
        byte[][] before = Weights(model);
        foreach (string editor in new[] { "MEND", "FT", "FT+KL", "cache" })
        {
            MendStudy study = Study with { Editor = editor, FineTuning = new() { LearningRate = 1e-3 } };
            Assert.NotEmpty(_comparison.Compare(Run(study)));
            Assert.NotEmpty(_comparison.CompareBatches(Run(study)));
            Assert.NotEmpty(_comparison.CompareSeries(Run(study)));
            Assert.Equal(before, Weights(model));
        }
    }

    [Fact]
    public void An_edit_of_no_strength_changes_no_answer()
    {
        ResultRows rows = Rows(Study with { Strength = 0 });
        Assert.Equal(0, rows.Of("success on the prompt").Single().Value);
        Assert.All(["drawdown, unrelated", "drawdown, same relation", "drawdown, same subject"], metric => Assert.Equal(0, rows.Of(metric).Single().Value));
    }

    [Fact]
    public void Fine_tuning_to_the_end_gives_the_new_answer() =>
        Assert.Equal(1, Rows(Study with { Editor = "FT", FineTuning = new() { LearningRate = 1e-3 } }).Of("success on the prompt").Single().Value);

    [Fact]
    public void A_run_gives_the_same_rows_in_another_comparison()
    {
        using var again = new MendComparison(EditingWorld.Of(Book, []), torch.CPU);
        Assert.Equal(_comparison.Compare(Run(Study)), again.Compare(Run(Study)));
    }

    [Fact]
    public void Scores_made_at_the_answers_only_are_those_of_the_whole_text()
    {
        EditableGpt2 model = _comparison.Model(Study, 1, cancellation: TestContext.Current.CancellationToken);
        Question[] questions = [new("What colour is thing 3?", "shade1"), new("Tell me the size of thing 12.", "size2")];
        using EditBatch answers = _comparison.Batch(model, questions);
        torch.Tensor some = model.Logits(answers), all = model.Logits(answers with { Places = null });
        for (int row = 0; row < 2; row++)
            for (int t = 0; t < 2; t++)
                Assert.True(some[row, t].allclose(all[row, answers.Places![row, t].item<long>()], atol: 1e-5));
        using torch.Tensor mean = model.Represent(answers);
        Assert.True(mean.isfinite().all().item<bool>());
    }

    [Fact]
    public void An_edit_is_shown_by_what_went_and_what_came() => Assert.Equal(
        "PM\nedited   Who? [-Boris Johnson-] [+Keir Starmer+]\nanother  Where? [Paris]",
        new[] { ("edited", "Who?", "Boris Johnson", "Keir Starmer"), ("another", "Where?", "Paris", "Paris") }.ShowEdit("PM").ToString());

    public void Dispose() => _comparison.Dispose();

    private ResultRows Rows(MendStudy study) => new(_comparison.Compare(Run(study)).Select(m => new ResultRow("", 1, m.Step, m.Metric, m.Value)));

    private static Run<MendStudy> Run(MendStudy study) => new("test", study, 1, "", null, CancellationToken.None);

    private static byte[][] Weights(EditableModel model) => [.. model.Module.parameters().Select(p => p.bytes.ToArray())];
}
