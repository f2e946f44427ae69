using NotebookKit.Mend;
using NotebookKit.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Mend;

/// <summary>
/// The rivals' formulas against numbers that were worked out as exact fractions beside the authors' code, and against autograd.
/// </summary>
public class RivalTests
{
    private static readonly double[,] Weight = { { 1, 2 }, { 3, 4 } }, Moments = { { 2, 1 }, { 1, 3 } };

    // 1: ROME with one key
    [Fact]
    public void Romes_change_is_the_published_closed_form_and_reaches_the_value()
    {
        using var scope = NewDisposeScope();
        (Tensor w, Tensor c, Tensor k, Tensor v) = (tensor(Weight), tensor(Moments), Of(1, 2), Of(0, 1));
        Tensor change = RomeEditor.Update(c, k, k, v - w.mv(k)).Dense();
        Equal([[-5.0 / 7, -15.0 / 7], [-10.0 / 7, -30.0 / 7]], change);
        Equal([0, 1], (w + change).mv(k));
    }

    // 2: two keys, as coded
    [Fact]
    public void With_two_keys_only_the_bare_one_reaches_the_value_and_the_length_of_the_direction_does_not_matter()
    {
        using var scope = NewDisposeScope();
        (Tensor w, Tensor c, Tensor k, Tensor mean, Tensor v) = (tensor(Weight), tensor(Moments), Of(1, 2), Of(1, 1), Of(0, 1));
        Tensor change = RomeEditor.Update(c, mean, k, v - w.mv(k)).Dense();
        Equal([[-2.5, -1.25], [-5, -2.5]], change);
        Equal([0, 1], (w + change).mv(k));
        Equal([-0.75, -0.5], (w + change).mv(mean));
        Assert.True(allclose(change, RomeEditor.Update(c, mean * 7, k, v - w.mv(k)).Dense()));
        // Without statistics of the keys it is the projection on the mean key.
        Assert.True(allclose(outer(v - w.mv(k), mean) / k.dot(mean), RomeEditor.Update(eye(2, dtype: float64), mean, k, v - w.mv(k)).Dense()));
    }

    // 3: MEMIT
    [Fact]
    public void Memits_change_writes_a_known_fraction_and_becomes_Romes_as_lambda_falls()
    {
        using var scope = NewDisposeScope();
        (Tensor w, Tensor c, Tensor k, Tensor v) = (tensor(Weight), tensor(Moments), Of(1, 2), Of(0, 1));
        Tensor residual = v - w.mv(k), change = MemitEditor.Update(c, 1, k.unsqueeze(0), residual.unsqueeze(0)).Dense();
        Equal([[-5.0 / 12, -5.0 / 4], [-5.0 / 6, -5.0 / 2]], change);
        Assert.True(allclose(change.mv(k), residual * (7.0 / 12)));
        Assert.True(allclose(RomeEditor.Update(c, k, k, residual).Dense(), MemitEditor.Update(c, 1e-10, k.unsqueeze(0), residual.unsqueeze(0)).Dense(), 1e-6));

        // many edits: the form of the size of the edits, R (lambda I + Kᵀ C⁻¹ K)⁻¹ Kᵀ C⁻¹, and exactness when there are as many keys as inputs
        using var generator = new Generator(4, CPU);
        Tensor root = randn(5, 5, dtype: float64, generator: generator), moments = root.mm(root.t()) + eye(5, dtype: float64);
        Tensor keys = randn(3, 5, dtype: float64, generator: generator), wanted = randn(3, 4, dtype: float64, generator: generator);
        Tensor spread = linalg.solve(moments, keys.t()).t(); // Kᵀ C⁻¹
        Tensor other = linalg.solve(0.3 * eye(3, dtype: float64) + keys.mm(spread.t()), spread);
        Assert.True(allclose(wanted.t().mm(other), MemitEditor.Update(moments, 0.3, keys, wanted).Dense(), 1e-8));
        Tensor square = randn(5, 5, dtype: float64, generator: generator), all = randn(5, 4, dtype: float64, generator: generator);
        Assert.True(allclose(MemitEditor.Update(moments, 1e-9, square, all).Dense().mm(square.t()), all.t(), 1e-4, 1e-6));
    }

    // 5: MALMEN's normal equation and its two-step gradient
    [Fact]
    public void Malmens_update_and_its_gradient_are_the_published_fractions_and_those_of_autograd()
    {
        using var scope = NewDisposeScope();
        Tensor keys = tensor(new double[,] { { 1, 0 }, { 1, 1 } }), wishes = tensor(new double[,] { { 1 }, { 2 } }), one = ones(1, dtype: float64);
        Equal([[4.0 / 5], [3.0 / 5]], NormalEquation.Solve(keys, wishes, one));
        (Tensor ofWishes, Tensor ofRidge) = NormalEquation.Gradient(keys, wishes, one, tensor(new double[,] { { 1 }, { 1 } }));
        Equal([[1.0 / 5], [3.0 / 5]], ofWishes);
        Assert.Equal(-2.0 / 5, ofRidge.item<double>(), 12);

        using var generator = new Generator(5, CPU);
        Tensor k = randn(7, 4, dtype: float64, generator: generator), d = randn(7, 3, dtype: float64, generator: generator).requires_grad_(true);
        Tensor log = tensor(0.4, dtype: float64).requires_grad_(true), g = randn(4, 3, dtype: float64, generator: generator);
        (NormalEquation.Solve(k, d, log.exp()) * g).sum().backward();
        (Tensor byHand, Tensor byHandRidge) = NormalEquation.Gradient(k, d.detach(), log.detach().exp(), g);
        Assert.True(allclose(d.grad!, byHand, 1e-10));
        Assert.Equal(log.grad!.item<double>(), byHandRidge.item<double>(), 10);
        // by factors, and by finite differences of lambda
        Assert.True(allclose(NormalEquation.Solve(k, d, log.exp()), new LinearFactors(NormalEquation.Spread(k.unsqueeze(0), log.exp()), d.unsqueeze(0)).Dense().t(), 1e-10));
        double Loss(double l) => (NormalEquation.Solve(k, d.detach(), tensor(Math.Exp(l), dtype: float64)) * g).sum().item<double>();
        Assert.Equal((Loss(0.4 + 1e-5) - Loss(0.4 - 1e-5)) / 2e-5, byHandRidge.item<double>(), 6);
    }

    // 6: one token, no ridge: MALMEN asks for MEND's own change of that token
    [Fact]
    public void For_one_token_least_squares_change_its_output_as_the_sum_does()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("bert"); // the classifier's last layer sees one live token in the last matrix
        MendOptions options = new() { Rank = 4, InitialAlpha = 1e-2 };
        using MendEditor mend = MendEditorTests.Fitted(setting, options), malmen = MendEditorTests.Fitted(setting, options with { Rule = UpdateRule.LeastSquares });
        using (no_grad()) malmen.Network.named_parameters().Single(p => p.name == "ridge").parameter.fill_(-18);
        EditBatch batch = setting.Model.Batch([setting.Examples[0]]);
        using EditGradient gradient = setting.Model.Gradient(batch);
        LinearFactors last = gradient.Factors[^1];
        Tensor live = last.U[0][last.Delta[0].ne(0).any(1)];
        Assert.Equal(1, live.shape[0]);
        Tensor sum = mend.Network.Updates(gradient.Factors)[^1].Times(live.unsqueeze(0)), least = malmen.Network.Updates(gradient.Factors)[^1].Times(live.unsqueeze(0));
        Assert.True(allclose(sum, least, 1e-3, 1e-6));
        Assert.False(allclose(mend.Network.Updates(gradient.Factors)[^1].Dense(), malmen.Network.Updates(gradient.Factors)[^1].Dense(), 1e-2, 1e-7));
    }

    // 7: our statistics are exact; MALMEN's code over-estimates (1.870829 and 3.298990 here)
    [Fact]
    public void The_deviation_of_the_normaliser_is_the_sample_deviation()
    {
        using var scope = NewDisposeScope();
        using var statistics = new RunningStatistics(1);
        statistics.Add(tensor(new float[,] { { 1 }, { 2 }, { 4 } }));
        Assert.Equal(1.527525, statistics.Deviation().item<float>(), 1e-5);
        statistics.Add(tensor(new float[,] { { 0 }, { 6 } }));
        Assert.Equal(2.6, statistics.Mean.item<float>(), 5);
        Assert.Equal(2.408319, statistics.Deviation().item<float>(), 1e-5);
    }

    // 8: GRACE
    [Fact]
    public void Graces_radii_grow_and_split_as_the_published_rules_say()
    {
        using var scope = NewDisposeScope();
        GraceCodebook book = GraceCodebook.Empty;
        List<int> answeredBy = [];
        foreach ((double key, int answer) in new[] { (0, 'A'), (.5, 'B'), (.6, 'B'), (-.9, 'A'), (3, 'B'), (4.1, 'C'), (1.7, 'D') }.Select(e => ((double)e.Item1, (int)e.Item2)))
        {
            (book, int entry) = book.Take(tensor(new[] { (float)key }), [answer], zeros(1), radius: 1);
            answeredBy.Add(entry);
        }
        Assert.Equal([0, 1, 1, 0, 2, 3, 4], answeredBy);
        double[] keys = [0, .5, 3, 4.1, 1.7], radii = [.9, .59999, .54999, .55, .6];
        for (int i = 0; i < 5; i++) Assert.Equal((keys[i], radii[i]), (Math.Round(book.Entries[i].Key.item<float>(), 5), Math.Round(book.Entries[i].Radius, 5)));
        foreach ((double query, int? entry) in new (double, int?)[] { (-.8, 0), (.3, 1), (.95, 1), (1.2, 4), (2.4, null), (3.5, 2), (3.6, 3), (-1.5, null) })
            Assert.Equal(entry, book.Find(tensor(new[] { (float)query })));
    }

    // 9: ENN by hand, y = w x
    [Fact]
    public void First_order_gradients_of_an_inner_step_are_those_at_the_edited_weight()
    {
        using var scope = NewDisposeScope();
        // w 1, x 2, y 0, alpha .1; outer example (1, 0); L = half the squared error
        Tensor w = ones(1, dtype: float64).requires_grad_(true), alpha = full(1, 0.1, dtype: float64).requires_grad_(true);
        Tensor inner = ((w * 2).square() / 2).sum();
        Tensor g = autograd.grad([inner], [w], create_graph: true, retain_graph: true)[0];
        (Tensor OfW, Tensor OfAlpha, double Loss) Outer(Tensor step)
        {
            Tensor loss = (w - alpha * step).square().sum() / 2;
            IList<Tensor> grads = autograd.grad([loss], [w, alpha], retain_graph: true);
            return (grads[0], grads[1], loss.item<double>());
        }
        (Tensor first, Tensor firstAlpha, double lossOut) = Outer(g.detach());
        (Tensor second, Tensor secondAlpha, _) = Outer(g);
        Assert.Equal((0.18, 0.6, 0.36), (Math.Round(lossOut, 12), Math.Round(first.item<double>(), 12), Math.Round(second.item<double>(), 12)));
        Assert.Equal((-2.4, -2.4), (Math.Round(firstAlpha.item<double>(), 12), Math.Round(secondAlpha.item<double>(), 12)));
    }

    [Fact]
    public void Enns_outer_gradient_is_the_one_at_the_edited_weights_and_alpha_learns()
    {
        using var scope = NewDisposeScope();
        using EditingModels setting = EditingModels.Of("gpt2"), same = EditingModels.Of("gpt2");
        using var editor = new EnnEditor(setting.Model, same.Model, 1e-2);
        EditTask task = MendTrainingTests.Task(setting)(new Seed(1)) with { Groups = 1 };
        MendLoss loss = editor.Loss(task, editWeight: 1, localityWeight: 0);
        loss.Total.backward();
        Parameter weight = setting.Model.Weights[^1].Weight;
        Tensor found = weight.grad!.clone(), ofAlpha = editor.Rates!.grad!.clone();

        // by hand: put W - alpha G into the weights and take the ordinary gradient there
        Tensor[] inner;
        using (EditGradient gradient = setting.Model.Gradient(task.Edit)) inner = [.. gradient.Factors.Select((f, i) => setting.Model.Weights[i].IsTransposed ? f.Dense().t() : f.Dense())];
        using (no_grad()) for (int i = 0; i < inner.Length; i++) setting.Model.Weights[i].Weight.sub_(inner[i] * 1e-2);
        setting.Model.Module.zero_grad();
        (EditLosses.Edit(setting.Model.Logits(task.Rephrased), task.Rephrased.Targets) / task.Rephrased.Rows).backward();
        Assert.True(allclose(weight.grad!, found, 1e-3, 1e-6));
        Assert.Equal(-(weight.grad! * inner[^1]).sum().item<float>(), ofAlpha[-1].item<float>(), 1e-4);
    }

    // 10: an edit by ENN is a plain gradient step; KE with constant vectors is one as well
    [Fact]
    public void Enn_makes_one_plain_gradient_step_and_KE_can()
    {
        using var scope = NewDisposeScope();
        using EditingModels setting = EditingModels.Of("gpt2"), same = EditingModels.Of("gpt2");
        EditBatch batch = setting.Model.Batch([setting.Examples[0]]);
        using EditGradient gradient = setting.Model.Gradient(batch);
        using (var enn = new EnnEditor(setting.Model, same.Model, 0.05))
            foreach ((LinearFactors update, LinearFactors g) in enn.Updates(batch, gradient).Zip(gradient.Factors))
                Assert.True(allclose(update.Dense(), -0.05 * g.Dense(), 1e-4, 1e-7));

        LinearFactors factors = gradient.Factors[0];
        (long n, long m) = (factors.U.shape[2], factors.Delta.shape[2]);
        const double alpha = 0.1, gate = 1 / (1 + 0.4493289641172216); // σ(.8)
        Tensor vectors = cat([full(1, n, -alpha * m / gate), zeros(1, m), zeros(1, n), zeros(1, m), full(1, 1, 0.8)], 1);
        Assert.True(allclose(KeEditor.Gated(factors, vectors).Dense(), -alpha * factors.Dense(), 1e-4, 1e-7));

        // and with any vectors it is the masked gradient and the offset
        manual_seed(3);
        Tensor[] parts = [randn(1, n), randn(1, m), randn(1, n), randn(1, m), randn(1, 1)];
        Tensor a = outer(parts[1][0].softmax(0), parts[0][0]), b = outer(parts[3][0].softmax(0), parts[2][0]);
        Assert.True(allclose(KeEditor.Gated(factors, cat(parts, 1)).Dense(), parts[4].sigmoid() * (factors.Dense() * a + b), 1e-4, 1e-6));
    }

    [Fact]
    public void KE_refuses_an_update_from_two_examples()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        using var editor = new KeEditor(setting.Model, new() { Hidden = 4, Condition = 4, Inner = 4 });
        Assert.Contains("one example", Assert.Throws<ArgumentException>(() => editor.Edit(setting.Model.Batch([.. setting.Examples.Take(2)]))).Message);
    }

    // 11: fine-tuning's first steps, the wall, and the floor of the loss at the prompt's end
    [Theory]
    [InlineData(FineTuningStep.RmsProp, 10)]
    [InlineData(FineTuningStep.Adam, 1)]
    public void The_first_step_goes_along_the_sign_of_the_gradient(FineTuningStep step, int times)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        EditBatch batch = setting.Model.Batch([setting.Examples[0]]);
        EditableLinear weight = setting.Model.Weights[0];
        Tensor before = weight.Weight.detach().clone(), gradient;
        using (EditGradient g = setting.Model.Gradient(batch)) gradient = g.Factors[0].Dense().t();
        using EditedModel edited = new FineTuningEditor(setting.Model, new() { Step = step, LearningRate = 1e-4, MaximumSteps = 1 }).Edit(batch);
        Tensor large = gradient.abs() > 1e-3;
        Assert.True(large.any().item<bool>());
        Assert.True(allclose((weight.Weight - before)[large], -times * 1e-4 * gradient.sign()[large], 1e-2, 1e-7));
    }

    [Fact]
    public void Within_its_wall_fine_tuning_touches_one_weight_and_none_of_its_entries_goes_further()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        Tensor[] before = [.. setting.Model.Weights.Select(w => w.Weight.detach().clone())];
        using EditedModel edited = new FineTuningEditor(setting.Model, FineTuningEditOptions.WithinBound(weight: 1, bound: 7e-4)).Edit(setting.Model.Batch([setting.Examples[0]]));
        for (int i = 0; i < before.Length; i++)
        {
            float furthest = (setting.Model.Weights[i].Weight - before[i]).abs().max().item<float>();
            if (i == 1) Assert.InRange(furthest, 6.9e-4f, 7.01e-4f);
            else Assert.Equal(0, furthest);
        }
    }

    [Fact]
    public void Two_different_tokens_read_off_one_place_cost_at_least_the_logarithm_of_two()
    {
        using var scope = NewDisposeScope();
        Tensor targets = tensor(new long[,] { { -100, 3, 5, -100 } });
        Tensor sure = full(1, 4, 8, -20.0);
        foreach (int place in new[] { 1, 2 }) foreach (int token in new[] { 3, 5 }) sure[0, place, token] = 20;
        Assert.Equal(Math.Log(2), EditLosses.AtPromptEnd(sure, targets).item<float>(), 5);
        manual_seed(1);
        for (int i = 0; i < 20; i++) Assert.True(EditLosses.AtPromptEnd(randn(1, 4, 8) * 5, targets).item<float>() >= Math.Log(2));
    }

    // 12: divergence and its direction
    [Fact]
    public void The_divergence_is_that_of_the_model_before_from_the_one_after()
    {
        using var scope = NewDisposeScope();
        Tensor even = zeros(1, 1), three = full(1, 1, Math.Log(3));
        Assert.Equal(0.143841, EditLosses.Divergence(even, three).item<float>(), 5);
        Assert.NotEqual(0.143841, EditLosses.Divergence(three, even).item<float>(), 3);
    }

    // 14, 15: the scores, each by its own definition
    [Fact]
    public void Exact_match_token_share_score_and_perplexity_are_different_things()
    {
        static JudgedQuestion Asked(bool right, int tokensRight, bool? prefers = null, double nll = 1, int tokens = 4) =>
            new(new EditExample([1], [.. Enumerable.Repeat(1, tokens)]), RightBefore: true, right, NllBefore: 0, nll, tokensRight, Divergence: 0, prefers);
        JudgedQuestion yes = Asked(true, 4, true), close = Asked(false, 3, false);
        var trial = new EditTrial(new([1], [1]), [], new Dictionary<string, IReadOnlyList<EditExample>>());
        JudgedEdit Edit(JudgedQuestion edited, JudgedQuestion[] rephrased, params JudgedQuestion[] others) =>
            new(trial, edited, rephrased, new Dictionary<string, IReadOnlyList<JudgedQuestion>> { ["near"] = others });
        var metrics = new EditMetrics([Edit(yes, [yes, close], [yes, Asked(false, 0, false), Asked(false, 0, false), Asked(false, 0, false)])]);
        Assert.Equal((0.5, 0.875), (metrics.Success, metrics.TokenParaphrase));
        // harmonic mean of 1, 1/2 and 1/4
        Assert.Equal(3.0 / 7, metrics.Score("near"), 12);
        var generation = new EditMetrics([Edit(yes, [], Asked(true, 10, nll: 10, tokens: 10), Asked(true, 30, nll: 60, tokens: 30))]);
        Assert.Equal(Math.Exp(1.75) - 1, generation.Others["near"].PerplexityDrawdown, 10);
    }

    // 16: the option for the rates' own learning rate does nothing in the authors' code
    [Fact]
    public void Rates_stepped_after_their_gradients_were_cleared_move_by_the_main_rate_only()
    {
        using var scope = NewDisposeScope();
        using var alpha = new Parameter(full(1, 1e-4));
        using var main = optim.Adam([alpha], 1e-6);
        using var own = optim.Adam([alpha], 1e-4);
        for (int i = 0; i < 200; i++)
        {
            alpha.sum().backward();
            main.step();
            main.zero_grad();
            own.step();
        }
        Assert.Equal(-1e-4, alpha.item<float>(), 6);
    }

    // 17: two traps of autograd that the formulas stand on
    [Fact]
    public void A_clamp_passes_a_gradient_at_zero_and_a_norm_has_none()
    {
        using var scope = NewDisposeScope();
        Tensor a = zeros(3).requires_grad_(true), b = zeros(3).requires_grad_(true), c = zeros(3).requires_grad_(true);
        a.clamp_min(0).sum().backward();
        nn.functional.relu(b).sum().backward();
        c.norm().backward();
        Equal([1, 1, 1], a.grad!.to(float64));
        Equal([0, 0, 0], b.grad!.to(float64));
        Equal([0, 0, 0], c.grad!.to(float64));
    }

    /// <summary>All rivals on one model: the edit reaches its question or at least moves towards it, and is undone to the bit.</summary>
    [Theory]
    [InlineData("ROME")]
    [InlineData("MEMIT")]
    [InlineData("GRACE")]
    [InlineData("FT-L")]
    [InlineData("MALMEN")]
    [InlineData("KE")]
    public void A_rivals_edit_is_judged_like_any_other_and_taken_back(string name)
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        EditableModel model = setting.Model;
        EditExample[] examples = [.. setting.Examples.Select(e => new EditExample(e.Input, e.Target) { Subject = (0, 2) })];
        Tensor Moments() => KeyMoments.Of(model, model.Weights[1], [model.Batch(examples)]) + 1e-3 * eye(model.Weights[1].Inputs, dtype: float64);
        IEditor editor = name switch
        {
            "ROME" => new RomeEditor(model, Moments(), new() { Clamp = 50, WeightDecay = 0, Steps = 60 }),
            "MEMIT" => new MemitEditor(model, Moments(), 1e-4, new() { Clamp = 50, WeightDecay = 0, Steps = 60 }),
            "GRACE" => new GraceEditor(model, new() { Weight = 1 }),
            "FT-L" => new FineTuningEditor(model, FineTuningEditOptions.WithinBound(1, 0.05) with { LearningRate = 1e-2 }),
            "MALMEN" => MendEditorTests.Fitted(setting, new() { Rank = 4, InitialAlpha = 1e-2, Rule = UpdateRule.LeastSquares }),
            _ => new KeEditor(model, new() { Hidden = 4, Condition = 4, Inner = 4 }),
        };
        Tensor[] before = setting.WeightsNow();
        EditTrial[] trials = [.. examples.Take(2).Select(e => new EditTrial(e, [e], new Dictionary<string, IReadOnlyList<EditExample>> { ["others"] = [examples[3]] }))];
        IReadOnlyList<JudgedEdit> judged = EditEvaluator.Each(editor, trials, TestContext.Current.CancellationToken);
        Assert.Equal(2, judged.Count);
        if (name is not ("KE" or "MALMEN")) Assert.All(judged, edit => Assert.True(edit.Edited.NllAfter < edit.Edited.NllBefore, $"{edit.Edited.NllBefore} became {edit.Edited.NllAfter}"));
        if (name != "KE") Assert.Equal(2, EditEvaluator.Together(editor, trials).Count);
        Assert.NotEmpty(EditEvaluator.InSeries(editor, trials, [2], TestContext.Current.CancellationToken));
        using (EditedModel edited = editor.Edit(model.Batch([examples[0]]))) Assert.Single(edited.Answer([examples[0].Input]));
        setting.AssertWeightsAre(before);
        if (editor is GraceEditor grace) Assert.Empty(grace.Codebook.Entries);
    }

    [Fact]
    public void After_Romes_edit_the_layer_puts_out_the_value_that_was_found_and_nothing_of_another_layer_changes()
    {
        using var scope = NewDisposeScope();
        using var setting = EditingModels.Of("gpt2");
        EditableModel model = setting.Model;
        EditableLinear weight = model.Weights[1];
        var example = new EditExample(setting.Examples[1].Input, setting.Examples[1].Target) { Subject = (1, 2) };
        RomeOptions options = new() { Steps = 30 };
        Tensor moments = KeyMoments.Of(model, weight, [model.Batch(setting.Examples)]) + 1e-3 * eye(weight.Inputs, dtype: float64);
        ValueSearch found = ValueSearch.Of(model, weight, example, [], options);
        Tensor At(EditExample e)
        {
            Tensor? seen = null;
            using var noGradient = no_grad();
            using (weight.Rewrite((_, output) =>
            {
                seen = output[0, 2].clone().DetachFromDisposeScope();
                return output;
            })) model.Logits(model.Batch([e]));
            return seen!;
        }
        Tensor before = At(example);
        using (var rome = new RomeEditor(model, moments.clone(), options))
        using (EditedModel edited = rome.Edit(model.Batch([example])))
        {
            Assert.True(allclose(found.Change, At(example) - before, 1e-3, 1e-5));
            Assert.True(found.Change.norm().item<float>() <= 4.001 * before.norm().item<float>());
            Assert.Equal(found.Steps, rome.LastSteps);
        }
        // MEMIT writes the part q / (lambda + q) of it, q = kᵀ C⁻¹ k.
        Tensor key = found.Keys[0].to(float64);
        double q = key.dot(linalg.solve(moments, key)).item<double>(), lambda = 2 * q;
        using (var memit = new MemitEditor(model, moments, lambda, options))
        using (EditedModel edited = memit.Edit(model.Batch([example])))
            Assert.True(allclose(found.Change / 3, At(example) - before, 1e-3, 1e-5));
        Assert.Contains("subject", Assert.Throws<ArgumentException>(() => new RomeEditor(model, eye(weight.Inputs, dtype: float64)).Edit(model.Batch([setting.Examples[0]]))).Message);
    }

    [Theory]
    [InlineData("KE")]
    [InlineData("ENN")]
    [InlineData("MALMEN")]
    public void Rivals_that_learn_are_trained_by_the_same_steps(string name)
    {
        using var scope = NewDisposeScope();
        using EditingModels setting = EditingModels.Of("gpt2"), original = EditingModels.Of("gpt2");
        using LearnedEditor editor = name switch
        {
            "KE" => new KeEditor(setting.Model, new() { Hidden = 8, Condition = 8, Inner = 8 }, new Seed(1)),
            "ENN" => new EnnEditor(setting.Model, original.Model),
            _ => MendEditorTests.Fitted(setting, new() { Rank = 4, InitialAlpha = 1e-3, Rule = UpdateRule.LeastSquares }),
        };
        using var training = new MendTraining(editor, new() { Steps = 40, LearningRate = name == "ENN" ? 2e-3 : 1e-2, AlphaLearningRate = 2e-3, Accumulate = 1 });
        MendStep[] steps = [.. training.Train(MendTrainingTests.Task(setting), cancellation: TestContext.Current.CancellationToken)];
        double Total(IEnumerable<MendStep> some) => some.Average(s => 0.1 * s.EditLoss + s.LocalityLoss);
        Assert.True(Total(steps[^8..]) < Total(steps[..8]), $"{Total(steps[..8])} became {Total(steps[^8..])}");
        Assert.Equal(name == "KE" ? 0 : setting.Model.Weights.Count, steps[^1].Alphas.Count);
    }

    [Fact]
    public void The_first_step_of_the_authors_start_and_of_ours_are_as_large_as_computed()
    {
        // the reference: 1e-6, rank 1,920, m + n = 3,840, N(0, 1)
        Assert.Equal(0.095, new MendOptions { StartOfV = StartOfV.Normal }.FirstStep(3840, 1e-6), 3);
        Assert.Equal(2.2, new MendOptions { StartOfV = StartOfV.Normal, Rank = 64 }.FirstStep(480, 2e-3), 1);
        Assert.Equal(0.14, new MendOptions { Rank = 64 }.FirstStep(480, 2e-3), 2);

        // and it is what Adam's first step does to a real layer
        using var scope = NewDisposeScope();
        foreach (StartOfV start in Enum.GetValues<StartOfV>())
        {
            using var generator = new Generator(9, CPU);
            MendOptions options = new() { Rank = 16, StartOfV = start };
            var layer = new LowRankLayer(200, null, clamp: false, options, generator);
            Parameter u = layer.named_parameters().Single(p => p.name == "u").parameter;
            Tensor z = randn(1, 200, generator: generator), before = layer.Run(z, null).detach().clone();
            using var adam = optim.Adam([u], 1e-3);
            layer.Run(z, null).sum().backward();
            adam.step();
            double moved = (layer.Run(z, null) - before).abs().mean().item<float>();
            Assert.InRange(moved / options.FirstStep(200, 1e-3), 0.6, 1.6);
        }
    }

    private static Tensor Of(params double[] values) => tensor(values);

    private static void Equal(double[] expected, Tensor actual)
    {
        double[] found = actual.contiguous().data<double>().ToArray();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 10);
    }

    private static void Equal(double[][] expected, Tensor actual) => Equal([.. expected.SelectMany(row => row)], actual);
}
