using NotebookKit.Mend;
using NotebookKit.Pretrained;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Mend;
using NotebookKit.Tests.Data;
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
        Model = MendStudy.Of("smoke").Model with { HiddenSize = 32, NumHiddenLayers = 2 },
        Learning = new() { BatchSize = 40, Training = new() { Steps = 240, WarmUpSteps = 10, LearningRate = 5e-3 } },
        Training = MendStudy.Of("smoke").Training with { Steps = 4 },
        Tested = 6,
        Batches = [1, 3],
        LookEvery = 1,
    };

    private readonly FactEditing _facts = new(EditingWorld.Of(Book, []));
    private readonly MendComparison _comparison;

    public MendComparisonTests() => _comparison = new(_facts, torch.CPU);

    [Fact]
    public void The_model_knows_what_it_was_taught_and_edits_leave_it_bit_for_bit_as_it_was()
    {
        EditableModel model = _comparison.Model(Study, 1, cancellation: TestContext.Current.CancellationToken);
        using EditBatch all = _facts.Batch(model, Book.TrainedQuestions);
        Assert.True(model.Says(all).Average(right => right ? 1.0 : 0) > 0.9);
        byte[][] before = Weights(model);
        foreach (MendStudy contestant in (Study with { Contestants = MendStudy.Of("long").Contestants, Strengths = [1], Rates = [1e-3], Distances = [2], Tested = 3 }).Contest().Select(v => v.Settings))
        {
            MendStudy study = contestant with { Batches = contestant.Editor == "KE" ? [1] : Study.Batches, Orders = Study.Orders };
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
        using var again = new MendComparison(new FactEditing(EditingWorld.Of(Book, [])), torch.CPU);
        Assert.Equal(_comparison.Compare(Run(Study)), again.Compare(Run(Study)));
    }

    [Fact]
    public void Scores_made_at_the_answers_only_are_those_of_the_whole_text()
    {
        EditableModel model = _comparison.Model(Study, 1, cancellation: TestContext.Current.CancellationToken);
        Question[] questions = [new("What colour is thing 3?", "shade1"), new("Tell me the size of thing 12.", "size2")];
        using EditBatch answers = _facts.Batch(model, questions);
        torch.Tensor some = model.Logits(answers), all = model.Logits(answers with { Places = null });
        for (int row = 0; row < 2; row++)
            for (int t = 0; t < 2; t++)
                Assert.True(some[row, t].allclose(all[row, answers.Places![row, t].item<long>()], atol: 1e-5));
        using torch.Tensor mean = model.Represent(answers);
        Assert.True(mean.isfinite().all().item<bool>());
    }

    [Fact]
    public void Claims_are_judged_by_their_truth_and_an_edit_flips_what_the_model_says()
    {
        var claims = new ClaimEditing(Book);
        MendStudy study = MendStudy.Claims("smoke") with { Learning = new() { BatchSize = 40, Training = new() { Steps = 150, WarmUpSteps = 10, LearningRate = 1e-2 } } };
        using var comparison = new MendComparison(claims, torch.CPU);
        EditableModel model = comparison.Model(study, 1, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(claims.Accuracy(model).Trained, 0.6, 1);
        IReadOnlyList<EditTrial> trials = claims.Trials(model, study, EditPart.Test, 6, new(1));
        Assert.Equal(trials.Count, EditEvaluator.News(model, trials).Count);
        byte[][] before = Weights(model);
        foreach (MendStudy contestant in (study with { Contestants = ["MEND", "ENN", "FT+KL to a margin", "GRACE"], Tested = 3 }).Contest().Select(v => v.Settings))
        {
            ResultRows rows = new(comparison.Compare(Run(contestant)).Select(m => new ResultRow("", 1, m.Step, m.Metric, m.Value)));
            Assert.InRange(rows.Of("success").Single().Value, 0, 1);
            Assert.NotEmpty(rows.Of("chosen by: gain"));
            Assert.Equal(before, Weights(model));
        }
    }

    [Fact]
    public void A_real_BERT_judges_the_same_claims_in_its_own_word_pieces()
    {
        if (PretrainedBert.MiniLM.Missing is { } missing) Assert.Skip(missing);
        var claims = new ClaimEditing(Book, PretrainedBert.MiniLM);
        MendStudy study = MendStudy.RealClaims("smoke") with { Learning = new() { BatchSize = 8, Training = new() { Steps = 2, WarmUpSteps = 1, LearningRate = 1e-4 } } };
        using var comparison = new MendComparison(claims, torch.CPU);
        var model = comparison.Model(study, 1, cancellation: TestContext.Current.CancellationToken);
        using var trunk = PretrainedBert.MiniLM.LoadTrunk();
        // Two small steps leave it near what it was, and it is not the random start.
        var moved = model.Module.named_parameters().Single(p => p.name == "bert.encoder.layer.5.output.dense.weight").parameter;
        var was = trunk.named_parameters().Single(p => p.name == "encoder.layer.5.output.dense.weight").parameter;
        Assert.InRange((moved - was).abs().max().item<float>(), 1e-7f, 1e-2f);
        IReadOnlyList<EditTrial> trials = claims.Trials(model, study, EditPart.Test, 3, new(1));
        Assert.Equal(3, EditEvaluator.News(model, trials).Count);
        var pieces = PretrainedBert.MiniLM.ReadPieces();
        Assert.All(trials, t => Assert.Equal((pieces.ClassificationId, pieces.SeparatorId), (t.Edit.Input[0], t.Edit.Input[^1])));
    }

    [Fact]
    public void Passages_go_on_with_ten_tokens_of_a_second_model_and_cost_perplexity()
    {
        MendStudy study = MendStudy.Passages("smoke");
        var passages = new PassageEditing(PinnedApiDocs.Value, study);
        using var comparison = new MendComparison(passages, torch.CPU);
        EditableModel model = comparison.Model(study, 1, cancellation: TestContext.Current.CancellationToken);
        IReadOnlyList<EditTrial> trials = passages.Trials(model, study, EditPart.Test, 3, new(1));
        Assert.All(trials, t =>
        {
            Assert.Equal((study.Context - 10, 10), (t.Edit.Input.Count, t.Edit.Target.Count));
            Assert.All(t.Rephrasings, r => Assert.InRange(r.Input.Count, t.Edit.Input.Count / 2, t.Edit.Input.Count - 1));
            Assert.All(t.Rephrasings, r => Assert.Equal(t.Edit.Input.TakeLast(r.Input.Count), r.Input));
        });
        ResultRows rows = new(comparison.Compare(Run(study with { Editor = "FT", FineTuning = new() { LearningRate = 3e-3, MaximumSteps = 40 } })).Select(m => new ResultRow("", 1, m.Step, m.Metric, m.Value)));
        Assert.NotEqual(0, rows.Of("perplexity drawdown, other passages").Single().Value);
        Assert.InRange(rows.Of("steps").Single().Value, 2, 40);
    }

    [Fact]
    public void The_setting_of_every_editor_is_chosen_by_its_gain_on_other_edits()
    {
        ResultRows rows = new(
        [
            new("FT @ 1", 1, 0, "chosen by: gain", 0.5), new("FT @ 2", 1, 0, "chosen by: gain", 0.9), new("FT @ 2", 2, 0, "chosen by: gain", 0.3), new("FT @ 1", 2, 0, "chosen by: gain", 0.5),
            new("FT @ 1", 1, 0, "success", 0.1), new("FT @ 2", 1, 0, "success", 0.2), new("MEND @ 1", 1, 0, "chosen by: gain", 0), new("MEND @ 1", 1, 0, "success", 0.7),
        ]);
        Assert.Equal(["FT @ 2", "MEND @ 1"], MendChoice.Of(rows));
        Assert.Equal([("FT", 0.2), ("MEND", 0.7)], MendChoice.Chosen(rows).Of("success").Select(r => (r.Variant, r.Value)));
    }

    [Fact]
    public void Without_a_committed_run_no_claim_that_needs_one_counts_as_tested()
    {
        ClaimTable claims = MendClaims.Of(CommittedResults.Read("nowhere"));
        Assert.Equal(Verdict.Shown, claims[0].Verdict);
        Assert.All(claims.Skip(1), claim => Assert.Equal(Verdict.NotTested, claim.Verdict));
        Assert.All(claims.Skip(1), claim => Assert.NotEmpty(claim.Why));
    }

    [Theory]
    [InlineData(0.9, 0.91, 0.92, "as expected")]
    [InlineData(0.5, 0.51, 0.49, "the opposite")]
    [InlineData(0.99, 0.5, 0.8, "in the expected direction, interval over 0")]
    public void An_expectation_is_judged_by_the_paired_difference_at_the_chosen_settings(double one, double two, double three, string outcome)
    {
        Expectation expected = MendExpectations.All.First(e => e.Experiment == "claims" && e.Expected == Finding.Above);
        ResultRows Rows(params double[] mend) => new(mend.SelectMany((value, i) => new ResultRow[]
        {
            new("MEND @ 1", i + 1, 0, "success", value), new("MEND @ 1", i + 1, 0, "chosen by: gain", 1), new("MEND @ 2", i + 1, 0, "success", 0), new("MEND @ 2", i + 1, 0, "chosen by: gain", 0),
            new("FT @ 1", i + 1, 0, "success", 0.7), new("FT @ 1", i + 1, 0, "chosen by: gain", 1),
        }));
        Assert.Equal(outcome, expected.Outcome(Rows(one, two, three)));
        Assert.Equal("not run", expected.Outcome(new([])));
    }

    [Fact]
    public void A_fact_that_is_taught_in_some_phrasings_is_taught_in_those_only_and_always_in_the_same()
    {
        Assert.Equal(Book.Facts.Count, Book.TaughtIn(1).Count());
        Assert.Equal(Book.TaughtIn(1), Book.TaughtIn(1));
        Assert.All(Book.TaughtIn(1), q => Assert.Contains(q, Book.TrainedQuestions));
        Assert.True(Book.TaughtIn(1).Select(q => q.Text.Split(' ')[0]).Distinct().Count() > 1);
        Assert.Equal(Book.TrainedQuestions.Count(), Book.TaughtIn(2).Distinct().Count());
    }

    [Theory]
    [InlineData("smoke")]
    [InlineData("cpu")]
    [InlineData("long")]
    [InlineData("gpu")]
    public void Every_preset_names_contestants_that_there_are_and_its_deviations_are_told(string preset)
    {
        foreach (MendStudy study in new[] { MendStudy.Of(preset), MendStudy.Claims(preset), MendStudy.Passages(preset) })
        {
            Assert.NotEmpty(study.Contest());
            Assert.Equal(study.Contest().Count, study.Contest().Select(v => v.Name).Distinct().Count());
            Assert.Contains(MendDeviations.Of(study), d => d.What == "V at the start" && d.Here == "Xavier");
        }
        Assert.Throws<ArgumentException>(() => MendStudy.Of("large"));
    }

    [Fact]
    public void Long_has_every_run_of_cpu_so_that_neither_makes_the_others_again()
    {
        static IEnumerable<string> Runs(MendStudy study) => study.Contest().Concat(study.Ablation()).Select(v => CanonicalJson.Of(v.Settings));
        Assert.Empty(Runs(MendStudy.Of("cpu")).Except(Runs(MendStudy.Of("long"))));
        Assert.Empty(Runs(MendStudy.Claims("cpu")).Except(Runs(MendStudy.Claims("long"))));
        Assert.Empty(Runs(MendStudy.Passages("cpu")).Except(Runs(MendStudy.Passages("long"))));
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
