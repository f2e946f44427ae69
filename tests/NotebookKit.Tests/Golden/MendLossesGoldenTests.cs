using System.Text.Json;
using NotebookKit.Mend;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class MendLossesGoldenTests
{
    /// <summary>Every case of every fixture.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string path in GoldenFolders.Existing.SelectMany(GoldenFolders.Fixtures).Where(path => GoldenFolders.KindOf(path) == GoldenKind.MendLosses))
            {
                using var fixture = new GoldenFixture(path);
                // A case without tensors is one that the reference refuses.
                foreach (JsonProperty c in fixture.Root.GetProperty("cases").EnumerateObject().Where(c => c.Value.TryGetProperty("pred", out _) || c.Value.TryGetProperty("pre", out _)))
                    rows.Add(path, c.Name);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_and_gradients_equal_the_reference(string path, string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        JsonElement given = fixture.Root.GetProperty("cases").GetProperty(name);
        Tensor Input(string field) => GoldenFixture.Floats(fixture.Inputs.GetProperty(given.GetProperty(field).GetString()!));
        void Check(string field, Tensor actual) => GoldenAssert.Within($"{name}/{field}", fixture.Expected($"{name}/{field}"), actual, 1e-6, 1e-4);

        if (given.GetProperty("function").GetString() == "kl_loc_loss")
        {
            Tensor after = Input("post").requires_grad_(true);
            Tensor? mask = given.GetProperty("mask").ValueKind == JsonValueKind.Null ? null : GoldenFixture.Integers(given.GetProperty("mask"));
            Tensor kl = EditLosses.Locality(Input("pre"), after, mask);
            kl.backward();
            Check("loss", kl);
            Check("grad_wrt_post", after.grad!);
            return;
        }

        Tensor scores = Input("pred").requires_grad_(true);
        Tensor targets = GoldenFixture.Integers(given.GetProperty("targ"));
        if (scores.dim() == 3 && given.GetProperty("shift").GetBoolean()) targets = EditLosses.Shifted(targets);
        Tensor loss = EditLosses.Edit(scores, targets, LossReduction.MeanOfTokens);
        loss.backward();
        Tensor asked = targets.ne(-100), logs = EditLosses.LogProbabilities(scores, targets);
        Check("nll", loss);
        Check("grad_nll_wrt_pred", scores.grad!);
        Check("log_prob", logs[asked].mean());
        Check("prob", logs[asked].exp().mean());
        Check("n_tokens", asked.sum().to(float32));
        // The reference divides the number of rows that are right by all rows, and counts a masked class as right.
        Check("acc", EditLosses.IsRight(scores, targets).to(float32).mean());
    }
}
