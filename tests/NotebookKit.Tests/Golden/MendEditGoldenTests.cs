using NotebookKit.Mend;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class MendEditGoldenTests
{
    public static TheoryData<string> Fixtures => GoldenFolders.Of(GoldenKind.MendEdit);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Every_number_of_an_edit_equals_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using var setting = MendSetting.Load(fixture);
        (EditableModel model, MendEditor editor) = (setting.Model, setting.Editor);
        (double editWeight, double localityWeight) = (fixture.Config.GetProperty("cedit").GetDouble(), fixture.Config.GetProperty("cloc").GetDouble());

        var steps = fixture.ExpectedNames.Select(name => name.Split('/')[0]).Distinct().Order().ToList();
        Assert.NotEmpty(steps);
        foreach (string step in steps)
        {
            using var stepScope = NewDisposeScope();
            // step0_train_A: in training mode on batch A
            bool training = step.Contains("_train_");
            EditTask task = setting.Task(fixture.Inputs.GetProperty(step[(step.LastIndexOf('_') + 1)..]));
            void Logit(string name, Tensor actual, EditBatch batch) => GoldenAssert.Close(fixture, $"{step}/logits/{name}", actual, setting.Counts(batch));
            void Value(string name, double actual) => GoldenAssert.Within($"{step}/{name}", fixture.Expected($"{step}/{name}"), tensor((float)actual), 1e-6, 1e-4);
            void Entry(string name, Tensor actual) => GoldenAssert.Within($"{step}/{name}", fixture.Expected($"{step}/{name}"), actual, 1e-7, 1e-3);

            // u and delta of every weight, before the statistics change
            using EditGradient gradient = model.Gradient(task.Edit, reduction: editor.Options.Reduction);
            Value("inner_loss_before_edit", gradient.Loss);
            Tensor outerBefore, localBefore;
            using (no_grad()) (outerBefore, localBefore) = (model.Logits(task.Rephrased), model.Logits(task.Locality));
            Logit("edit_inner_before", gradient.Logits, task.Edit);
            Logit("edit_outer_before", outerBefore, task.Rephrased);
            Logit("loc_before", localBefore, task.Locality);

            LinearFactors[] updates = setting.Updates(gradient.Factors, training);
            if (training)
            {
                // the outer loss and its gradients, one training step's without the optimizer
                editor.Network.train();
                editor.Network.zero_grad();
                MendLoss loss = editor.Loss(task, editWeight, localityWeight);
                loss.Total.backward();
                editor.Network.eval();
                Value("loss/edit", loss.Edit);
                Value("loss/loc", loss.Locality);
                Value("loss/total_edit", loss.Total.item<float>());
                foreach ((string name, var parameter) in editor.Network.named_parameters())
                {
                    Tensor actual = name == "alpha" ? -parameter.grad! : parameter.grad!; // the reference's rate has the other sign
                    Entry("outer_grad/" + (name == "alpha" ? "edit_lrs" : name), actual);
                }
            }

            for (int i = 0; i < model.Weights.Count; i++)
            {
                EditableLinear weight = model.Weights[i];
                Tensor edit = weight.IsTransposed ? updates[i].Dense().t() : updates[i].Dense();
                double rate = -editor.Network.Alphas[i];
                Entry($"x/{weight.Name}", gradient.Factors[i].U.reshape(fixture.Expected($"{step}/x/{weight.Name}").shape));
                Entry($"delta/{weight.Name}", gradient.Factors[i].Delta.reshape(fixture.Expected($"{step}/delta/{weight.Name}").shape));
                Entry($"transformed_x/{weight.Name}", updates[i].U[0]);
                Entry($"transformed_delta/{weight.Name}", updates[i].Delta[0] / rate);
                Entry($"pseudo_grad/{weight.Name}", edit / rate);
            }
            using (no_grad())
                model.With(updates, () =>
                {
                    Logit("edit_inner_after", model.Logits(task.Edit), task.Edit);
                    Logit("edit_outer_after", model.Logits(task.Rephrased), task.Rephrased);
                    Tensor localAfter = model.Logits(task.Locality), outerAfter = model.Logits(task.Rephrased);
                    Logit("loc_after", localAfter, task.Locality);
                    Value("loss/edit", EditLosses.Edit(outerAfter, task.Rephrased.Targets, LossReduction.MeanOfTokens).item<float>());
                    Value("loss/loc", EditLosses.Locality(localBefore, localAfter, model.LocalityMask(task.Locality)).item<float>());
                    Value("info/edit/acc", EditLosses.IsRight(outerAfter, task.Rephrased.Targets).to(float32).mean().item<float>());
                    Value("info/nll/pre", EditLosses.Edit(localBefore, task.Locality.Targets, LossReduction.MeanOfTokens).item<float>());
                    Value("info/nll/post", EditLosses.Edit(localAfter, task.Locality.Targets, LossReduction.MeanOfTokens).item<float>());
                    Value("info/acc/pre", EditLosses.IsRight(localBefore, task.Locality.Targets).to(float32).mean().item<float>());
                    Value("info/acc/post", EditLosses.IsRight(localAfter, task.Locality.Targets).to(float32).mean().item<float>());
                    return 0;
                });

            // Written into the weights, and taken out again bit for bit.
            Tensor[] before = [.. model.Weights.Select(weight => weight.Weight.detach().clone())];
            using (EditedModel edited = model.Edit(updates))
            {
                edited.Apply();
                foreach (EditableLinear weight in model.Weights) Entry($"edited_weight/{weight.Name}", weight.Weight);
                edited.Revert();
            }
            for (int i = 0; i < before.Length; i++) Assert.True(before[i].equal(model.Weights[i].Weight).all().item<bool>());

            foreach (string name in fixture.ExpectedNames.Where(name => name.StartsWith($"{step}/stats_after/mend.")))
                Entry(name[(step.Length + 1)..], setting.Statistic(name[$"{step}/stats_after/mend.".Length..]));
        }
    }
}
