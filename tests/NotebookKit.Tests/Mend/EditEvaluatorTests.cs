using NotebookKit.Mend;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

public class EditEvaluatorTests
{
    [Theory]
    [MemberData(nameof(BadEditTests.Editors), MemberType = typeof(BadEditTests))]
    public void Every_number_is_what_asking_one_question_after_the_other_gives(string name)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        EditableModel model = setting.Model;
        IEditor editor = BadEditTests.Editor(name, setting);
        EditTrial[] trials = Trials(setting);
        Tensor[] weights = setting.WeightsNow();
        var judged = EditEvaluator.Each(editor, trials, TestContext.Current.CancellationToken);
        setting.AssertWeightsAre(weights);
        Assert.Equal(trials, judged.Select(j => j.Trial));

        using var noGradient = no_grad();
        foreach (JudgedEdit edit in judged)
        {
            (bool Right, double Nll)[] Asked(Func<EditBatch, Tensor> logits) => [.. Questions(edit).Select(q => One(logits, model, q.Example))];
            var before = Asked(model.Logits);
            using EditedModel edited = editor.Edit(model.Batch([edit.Trial.Edit]));
            var after = Asked(edited.Logits);
            foreach ((JudgedQuestion q, int i) in Questions(edit).Select((q, i) => (q, i)))
            {
                Assert.Equal((before[i].Right, after[i].Right), (q.RightBefore, q.RightAfter));
                Assert.Equal(before[i].Nll, q.NllBefore, 1e-3);
                Assert.Equal(after[i].Nll, q.NllAfter, 1e-3);
                bool isEdit = i <= edit.Rephrasings.Count;
                EditExample rival = q.Example.Answered(isEdit ? edit.Trial.OldTarget! : edit.Trial.Edit.Target);
                Assert.Equal(after[i].Nll / q.Example.Target.Count < One(edited.Logits, model, rival).Nll / rival.Target.Count, q.PrefersNew);
            }
        }
        int nudged = judged.SelectMany(j => j.Others.Values).SelectMany(q => q).Count(q => q.Divergence > 0);
        Assert.Equal(name != "cache", nudged > 0);
    }

    [Fact]
    public void Metrics_are_those_of_their_definitions()
    {
        EditExample short1 = new([1], [2]), long2 = new([1], [2, 3]);
        JudgedQuestion Q(EditExample e, bool before, bool after, double nllBefore = 0, double nllAfter = 0, int tokens = 0, double kl = 0, bool? prefers = null) =>
            new(e, before, after, nllBefore, nllAfter, tokens, kl, prefers);
        JudgedEdit Edit(JudgedQuestion edited, JudgedQuestion[] rephrasings, JudgedQuestion[] near, JudgedQuestion[] far) =>
            new(new(short1, [], new Dictionary<string, IReadOnlyList<EditExample>>()), edited, rephrasings,
                new Dictionary<string, IReadOnlyList<JudgedQuestion>> { ["near"] = near, ["far"] = far });
        var metrics = new EditMetrics(
        [
            Edit(Q(short1, false, true, tokens: 1, prefers: true), [Q(long2, false, true, tokens: 2, prefers: true), Q(long2, false, false, tokens: 1, prefers: true)],
                near: [Q(short1, true, false, 0.1, 2.1, 0, 0.5, false), Q(long2, true, true, 0.2, 0.3, 2, 0.1, true)], far: []),
            Edit(Q(short1, false, true, tokens: 1, prefers: false), [Q(long2, false, false, tokens: 0, prefers: false), Q(long2, false, false, tokens: 1, prefers: true)],
                near: [Q(short1, false, false, 0.4, 0.4, 0, 0, true), Q(short1, false, true, 0.3, 0.2, 1, 0.2, null)], far: []),
        ]);
        Assert.Equal(2, metrics.Edits);
        Assert.Equal(1, metrics.OnPrompt);
        Assert.Equal(1 / 4.0, metrics.Success);
        Assert.Equal(3 / 6.0, metrics.Union);
        Assert.Equal(1 / 2.0, metrics.Efficacy);
        Assert.Equal(3 / 4.0, metrics.Paraphrase);
        Assert.Equal(1, metrics.TokenEfficacy);
        Assert.Equal((1 + 0.5 + 0 + 0.5) / 4, metrics.TokenParaphrase);
        LocalityMetrics near = metrics.Others["near"];
        Assert.Equal((2 / 4.0, 2 / 4.0, 0), (near.AccuracyBefore, near.AccuracyAfter, near.Drawdown));
        Assert.Equal(Math.Exp(3.0 / 5) - Math.Exp(1.0 / 5), near.PerplexityDrawdown, 9);
        Assert.Equal(0.2, near.Divergence, 9);
        Assert.Equal(2 / 3.0, near.Specificity, 9);
        Assert.Equal(3 / (1 / 0.5 + 1 / 0.75 + 1 / (2 / 3.0)), metrics.Score("near"), 9);
        Assert.True(double.IsNaN(metrics.Others["far"].Drawdown));
        Assert.DoesNotContain(metrics.Figures(), m => m.Metric.Contains("far") || double.IsNaN(m.Value));
    }

    [Theory]
    [MemberData(nameof(BadEditTests.Editors), MemberType = typeof(BadEditTests))]
    public void A_series_ends_where_applying_each_edit_ends_and_the_model_is_put_back(string name)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        IEditor editor = BadEditTests.Editor(name, setting);
        EditTrial[] trials = Trials(setting);
        Tensor[] weights = setting.WeightsNow();
        var judged = EditEvaluator.InSeries(editor, trials, [1, 3], TestContext.Current.CancellationToken);
        setting.AssertWeightsAre(weights);
        Assert.Empty(setting.Model.Edits);
        Assert.Equal([1, 3], judged.Keys.Order());
        Assert.Equal(trials.Take(3), judged[3].Select(j => j.Trial));
        Assert.Equal(EditEvaluator.Each(editor, trials[..1], TestContext.Current.CancellationToken)[0].Edited.NllAfter, judged[1][0].Edited.NllAfter, 1e-3);

        EditedModel? last = null;
        foreach (EditTrial trial in trials.Take(3))
        {
            EditBatch batch = setting.Model.Batch([trial.Edit]);
            if (EditLosses.IsRight(last is null ? setting.Model.Logits(batch) : last.Logits(batch), batch.Targets).item<bool>()) continue;
            last = editor.Edit(batch);
            last.Apply();
        }
        using var noGradient = no_grad();
        Assert.Equal(One(last!.Logits, setting.Model, trials[0].Edit).Nll, judged[3][0].Edited.NllAfter, 1e-3);
    }

    [Fact]
    public void Edits_that_are_no_news_are_left_out()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        EditTrial[] trials = Trials(setting);
        int[] said = setting.Model.Answer([trials[1].Edit.Input], 2)[0];
        EditTrial known = trials[1] with { Edit = trials[1].Edit.Answered(said) };
        Assert.Equal([trials[0], trials[2]], EditEvaluator.News(setting.Model, [trials[0], known, trials[2]]));
        Assert.Empty(EditEvaluator.Together(BadEditTests.Editor("MEND", setting), [known]));
    }

    private static IEnumerable<JudgedQuestion> Questions(JudgedEdit edit) => [edit.Edited, .. edit.Rephrasings, .. edit.Others.Values.SelectMany(q => q)];

    private static (bool Right, double Nll) One(Func<EditBatch, Tensor> logits, EditableModel model, EditExample example)
    {
        using var scope = NewDisposeScope();
        EditBatch batch = model.Batch([example]);
        Tensor scores = logits(batch).log_softmax(-1);
        double nll = 0;
        bool right = true;
        for (int t = 0; t < example.Target.Count; t++)
        {
            Tensor place = scores[0, example.Input.Count - 1 + t];
            nll -= place[example.Target[t]].item<float>();
            right &= place.argmax().item<long>() == example.Target[t];
        }
        return (right, nll);
    }

    private static EditTrial[] Trials(EditingModels setting) => [.. setting.Examples.Select((edit, i) =>
    {
        EditExample[] others = [.. setting.Examples.Where((_, j) => j != i)];
        return new EditTrial(
            edit, [new([.. edit.Input.Reverse()], edit.Target), new([2, .. edit.Input], edit.Target)],
            new Dictionary<string, IReadOnlyList<EditExample>> { ["near"] = [others[0].Answered([1, 2, 19])], ["far"] = others[1..] }, OldTarget: [1, 19]);
    })];
}
