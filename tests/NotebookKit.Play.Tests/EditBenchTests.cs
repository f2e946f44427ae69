using NotebookKit.Mend;
using NotebookKit.Play;
using NotebookKit.Play.Edit;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Mend;
using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Tests.Play;

/// <summary>The bench of MEND, on forty facts that a model learns in a second or two.</summary>
public sealed class EditBenchTests(EditBenchTests.Taught taught) : IClassFixture<EditBenchTests.Taught>
{
    /// <summary>The bench that all tests share: it must be as before after each of them.</summary>
    public sealed class Taught : IDisposable
    {
        internal EditBench Bench { get; } = TinyStands.Edit();

        public void Dispose() => Bench.Dispose();
    }

    private readonly EditBench _bench = taught.Bench;

    private static FactEdit Edit(string editor = "fine-tuning", double rate = 1e-3, double strength = 1, int thing = 3, string answer = "shade4") =>
        new("colour", $"thing {thing}", answer, editor, rate, strength);

    [Fact]
    public void Fine_tuning_gives_the_new_answer_and_the_answer_before_is_what_was_taught()
    {
        var answer = _bench.Answer(new([Edit()]));
        Assert.Equal("What colour is thing 3?", answer.Prompt);
        var edited = answer.Groups[0].Questions.Single();
        Assert.Equal(("shade3", "shade4"), (edited.Before, edited.After));
        Assert.True(edited.SureAfter > edited.SureBefore);
        Assert.True(answer.Series.Single().Says);
        Assert.Contains(answer.Groups, g => g.Name == "in other words" && g.Changes && g.Questions.All(q => q.Wanted == "shade4" && q.Text.Contains("thing 3", StringComparison.Ordinal)));
        Assert.All(answer.Groups.Where(g => !g.Changes).SelectMany(g => g.Questions), q => Assert.NotEqual("", q.Wanted));
    }

    [Theory]
    [InlineData("fine-tuning")]
    [InlineData("rates only")]
    [InlineData("MEND")]
    [InlineData("ROME")]
    public void After_every_question_the_model_is_bit_for_bit_as_before(string editor)
    {
        double[] Sure() => [.. _bench.Answer(new([], "colour", "thing 3")).Groups.SelectMany(g => g.Questions).Select(q => q.SureAfter!.Value)];
        double[] before = Sure();
        Assert.NotEqual(before, [.. _bench.Answer(new([Edit(editor, rate: 1e-2, strength: 2)])).Groups.SelectMany(g => g.Questions).Select(q => q.SureAfter!.Value)]);
        Assert.Equal(before, Sure());
        Assert.Throws<InputException>(() => _bench.Answer(new([Edit(editor), Edit(editor, answer: "no such shade")])));
        Assert.Equal(before, Sure());
    }

    [Theory]
    [InlineData("fine-tuning")]
    [InlineData("MEND")]
    public void An_edit_of_no_strength_changes_nothing(string editor)
    {
        var answer = _bench.Answer(new([Edit(editor, strength: 0)]));
        Assert.All(answer.Groups.SelectMany(g => g.Questions), q => Assert.Equal((q.Before, q.SureBefore), (q.After, q.SureAfter)));
        Assert.Equal((false, 0), (answer.Series[0].Says, answer.Series[0].Lost));
    }

    [Fact]
    public void The_answers_after_an_edit_are_those_of_the_editor_itself()
    {
        FactEditing facts = new(EditingWorld.Of(TinyStands.Book, []));
        using MendComparison comparison = new(facts, torch.CPU);
        var model = comparison.Model(TinyStands.Mending, 1, cancellation: TestContext.Current.CancellationToken);
        FineTuningEditor editor = new(model, TinyStands.Mending.FineTuning with { LearningRate = 1e-3 });
        Question[] asked = [.. _bench.Answer(new([Edit()])).Groups.SelectMany(g => g.Questions).Select(q => new Question(q.Text, q.Wanted))];
        Assert.Equal(
            facts.AnswersAfter(editor, new("What colour is thing 3?", "shade4") { Subject = "thing 3" }, asked.Select(q => q.Text)),
            _bench.Answer(new([Edit()])).Groups.SelectMany(g => g.Questions).Select(q => q.After));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    public void The_strength_of_MEND_is_a_factor_on_its_learned_rates(double strength)
    {
        FactEditing facts = new(EditingWorld.Of(TinyStands.Book, []));
        using MendComparison comparison = new(facts, torch.CPU);
        var study = TinyStands.Mending with { Strength = strength };
        var editor = comparison.Editor(study, 1, cancellation: TestContext.Current.CancellationToken);
        for (int thing = 0; thing < 6; thing++)
        {
            string answer = $"shade{(thing + 1) % 5}";
            var fact = TinyStands.Book.Find("colour", $"thing {thing}");
            var trial = facts.Trial(new EditCases(TinyStands.Book, TinyStands.Book.Facts).Of(fact, answer, 1, new Seed(0)));
            var judged = MendComparison.Judge(study, editor, [trial], TestContext.Current.CancellationToken).Single();
            Assert.Equal(judged.Edited.RightAfter, _bench.Answer(new([Edit("MEND", strength: strength, thing: thing, answer: answer)])).Series.Single().Says);
        }
    }

    [Fact]
    public void Edits_in_a_row_are_judged_after_each_and_the_facts_they_change_are_no_damage()
    {
        var answer = _bench.Answer(new([Edit(), Edit(thing: 5, answer: "shade1"), Edit(thing: 7, answer: "shade0")]));
        Assert.Equal([1, 2, 3], answer.Series.Select(p => p.Edits));
        Assert.All(answer.Series, p => Assert.InRange(p.Hold, 0, p.Edits));
        Assert.All(answer.Series, p => Assert.InRange(p.Lost, 0, p.Asked));
        Assert.True(answer.Series[2].Asked <= answer.Series[0].Asked && answer.Series[0].Asked <= answer.Panel);
        Assert.Equal("What colour is thing 7?", answer.Prompt);
        // An edit does not know what follows: the first two alone are what they were in the longer row.
        var two = _bench.Answer(new([Edit(), Edit(thing: 5, answer: "shade1")]));
        Assert.Equal(answer.Series.Take(2).Select(p => (p.Edits, p.Says, p.Hold)), two.Series.Select(p => (p.Edits, p.Says, p.Hold)));
    }

    [Fact]
    public void A_reader_s_own_question_is_asked_before_and_after()
    {
        var own = _bench.Answer(new([Edit()], Own: ["Name the colour of thing 3.", " ", "What size is thing 3?"])).Own;
        Assert.Equal(["Name the colour of thing 3.", "What size is thing 3?"], own.Select(q => q.Text));
        Assert.Equal("shade3", own[0].Before);
    }

    [Fact]
    public void What_cannot_be_used_is_told_at_its_field()
    {
        void Refused(string field, string names, EditQuestion question)
        {
            var told = Assert.Throws<InputException>(() => _bench.Answer(question));
            Assert.Equal(field, told.Field);
            Assert.Contains(names, told.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Parameter", told.Message, StringComparison.Ordinal);
        }
        Refused("relation", "weight", new([], "weight", "thing 3"));
        Refused("subject", "thing 99", new([], "colour", "thing 99"));
        Refused("answer", "Give the answer", new([Edit(answer: " ")]));
        Refused("answer", "purple", new([Edit(answer: "purple")]));
        Refused("answer", "already", new([Edit(answer: "shade3")]));
        Refused("answer", "already", new([Edit("ROME", answer: "shade3")]));
        Refused("editor", "wishing", new([Edit("wishing")]));
        Refused("rate", "rate", new([Edit(rate: double.NaN)]));
        Refused("strength", "strength", new([Edit(strength: double.PositiveInfinity)]));
        Refused("own", "elephant", new([], "colour", "thing 3", ["What colour is the elephant?"]));
        Refused("edits", "8", new([.. Enumerable.Repeat(Edit(), EditBench.MostEdits + 1)]));
    }

    [Fact]
    public void The_choices_name_what_was_taught_and_what_has_changed_since()
    {
        var choices = _bench.Choices();
        Assert.Equal(["colour", "size"], choices.Relations.Select(r => r.Name));
        Assert.Equal(new FactChoice("thing 3", "shade3", "shade4"), choices.Relations[0].Facts.Single(f => f.Subject == "thing 3"));
        Assert.Equal(["shade0", "shade1", "shade2", "shade3", "shade4"], choices.Relations[0].Answers);
    }

    [Fact]
    public void What_notebook_03_has_trained_is_not_trained_again()
    {
        using TemporaryFolder folder = new();
        RunCache cache = new(folder.Path);
        Assert.False(EditPreparation.IsKept(TinyStands.Book, TinyStands.Mending, cache));
        FactEditing facts = new(EditingWorld.Of(TinyStands.Book, []));
        Variant<MendStudy>[] variants = [.. (TinyStands.Mending with { Contestants = ["MEND", "rates only"], Strengths = [1] }).Contest()];
        using (MendComparison comparison = new(facts, torch.CPU, cache)) comparison.Execute(MendComparison.FactsName, variants, [1]);
        Assert.True(EditPreparation.IsKept(TinyStands.Book, TinyStands.Mending, cache));
        List<string> stages = [];
        using var bench = EditPreparation.Prepare(TinyStands.Book, TinyStands.Mending, cache, new Telling(stages), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(stages, s => s.Contains("teaching", StringComparison.Ordinal) || s.Contains("training", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("long")]
    public void The_page_s_editors_are_those_of_the_notebook_at_their_own_strength(string preset)
    {
        var study = EditPreparation.Study(preset);
        var contest = MendStudy.Of(preset).Contest().ToDictionary(v => v.Name, v => CanonicalJson.Of(v.Settings));
        Assert.Equal(contest["MEND @ 1"], CanonicalJson.Of(study.Alone));
        Assert.Equal(contest["rates only @ 1"], CanonicalJson.Of(study.RatesOnly.Alone));
    }
}
