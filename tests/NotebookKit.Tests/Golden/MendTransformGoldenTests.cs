using System.Text.Json;
using NotebookKit.Mend;
using NotebookKit.Pretrained;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class MendTransformGoldenTests
{
    private static readonly string[] Calls = ["call0", "call1", "call2", "call3"];

    /// <summary>Every option set of every fixture.</summary>
    public static TheoryData<string, string> OptionSets
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string path in GoldenFolders.Existing.SelectMany(GoldenFolders.Fixtures).Where(path => GoldenFolders.KindOf(path) == GoldenKind.MendTransform))
            {
                using var fixture = new GoldenFixture(path);
                foreach (JsonProperty set in fixture.Config.EnumerateObject()) rows.Add(path, set.Name);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(OptionSets))]
    public void Outputs_statistics_and_gradients_equal_the_reference(string path, string set)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using Safetensors given = Safetensors.Open(fixture.WeightsPath);
        JsonElement config = fixture.Config.GetProperty(set);
        string inputs = config.GetProperty("inputs").GetString()!;
        int? modes = config.GetProperty("n_modes").ValueKind == JsonValueKind.Null ? null : config.GetProperty("n_modes").GetInt32();
        using var generator = new Generator(0, CPU);
        using var transform = new GradientTransform(
            config.GetProperty("x_dim").GetInt64(), config.GetProperty("delta_dim").GetInt64(), modes, MendGolden.Options(config), generator);
        MendGolden.LoadInto(transform, given, set + "/");

        var checkedNames = new HashSet<string>();
        void Check(string name, Tensor actual)
        {
            checkedNames.Add(name);
            Tensor expected = fixture.Expected(name);
            GoldenAssert.Within(name, expected, actual.reshape(expected.shape), 1e-7, 1e-3);
        }

        void CheckRun(string prefix, LiveTokens tokens, long? index)
        {
            (Tensor u, Tensor delta) = transform.Run(tokens.U, tokens.Delta, index);
            Tensor product = delta.t().mm(u);
            transform.zero_grad();
            (product * given.Read($"{inputs}/probe")).sum().backward();
            Check(prefix + "out_u", u);
            Check(prefix + "out_delta", delta);
            Check(prefix + "pseudo_grad_ji", product);
            foreach ((string name, var parameter) in transform.named_parameters()) Check($"{prefix}grad.{name}", parameter.grad ?? zeros_like(parameter));
        }

        for (int call = 0; call < Calls.Length; call++)
        {
            string prefix = $"{set}/{Calls[call]}/";
            var tokens = Tokens(given, inputs, call);
            if (call < 3) transform.Observe(tokens.U, tokens.Delta); // the last call is in evaluation mode
            JsonElement mode = config.GetProperty("param_idx_per_call")[call];
            long? index = mode.ValueKind == JsonValueKind.Null ? null : mode.GetInt64();
            CheckRun(prefix, tokens, index);
            foreach ((string name, Tensor value) in Statistics(transform)) Check(prefix + name, value);
            if (call < 3) continue;
            MendGolden.LoadInto(transform, given, set + "/fresh/");
            CheckRun($"{set}/fresh_eval_call3/", tokens, index);
        }
        Assert.Equal(fixture.ExpectedNames.Where(name => name.StartsWith(set + "/")).Order(), checkedNames.Order());
    }

    private static LiveTokens Tokens(Safetensors given, string inputs, int call)
    {
        Tensor One(string name) => given.Read($"{inputs}/call{call}/{name}").flatten(0, 1).unsqueeze(0);
        return new(new LinearFactors(One("u"), One("delta")));
    }

    private static IEnumerable<(string, Tensor)> Statistics(GradientTransform transform) =>
    [
        ("u_mean", transform.U.Mean), ("u_s", transform.U.Squares), ("u_std", transform.U.Deviation()), ("k", tensor((float)transform.U.Count)),
        ("v_mean", transform.Delta.Mean), ("v_s", transform.Delta.Squares), ("v_std", transform.Delta.Deviation()),
    ];
}
