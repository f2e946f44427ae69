using System.Text.Json;
using NotebookKit.Pretrained;
using NotebookKit.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class AdafactorGoldenTests
{
    /// <summary>Every option set of every fixture.</summary>
    public static TheoryData<string, string> OptionSets
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string path in GoldenFolders.Existing.SelectMany(GoldenFolders.Fixtures).Where(path => GoldenFolders.KindOf(path) == GoldenKind.Adafactor))
            {
                using var fixture = new GoldenFixture(path);
                foreach (JsonProperty set in fixture.Config.EnumerateObject()) rows.Add(path, set.Name);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(OptionSets))]
    public void Steps_and_state_equal_the_reference(string path, string set)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using Safetensors inputs = Safetensors.Open(fixture.WeightsPath);
        const string initial = "initial/";
        var parameters = inputs.Entries.Where(e => e.Name.StartsWith(initial)).ToDictionary(e => e.Name[initial.Length..], e => nn.Parameter(inputs.Read(e.Name)));
        var gradients = parameters.Keys.ToDictionary(name => name, name => inputs.Read("gradients/" + name));
        using var optimizer = new Adafactor(parameters.Values, Options(fixture.Config.GetProperty(set)));

        var expected = fixture.ExpectedNames.Where(name => name.StartsWith(set + "/step")).ToHashSet();
        Assert.NotEmpty(expected);
        for (int step = 1; step <= gradients.Values.First().shape[0]; step++)
        {
            foreach ((string name, Parameter parameter) in parameters) parameter.grad = gradients[name][step - 1].clone();
            optimizer.step();
            foreach ((string name, Parameter parameter) in parameters)
            {
                Adafactor.Moments state = optimizer.StateOf(parameter);
                var named = new (string Name, Tensor? Value)[]
                {
                    (name, parameter), ($"state.{name}.exp_avg_sq_row", state.Rows), ($"state.{name}.exp_avg_sq_col", state.Columns),
                    ($"state.{name}.exp_avg_sq", state.Full), ($"state.{name}.exp_avg", state.Mean), ($"state.{name}.RMS", tensor((float)state.ParameterSize)),
                };
                foreach ((string field, Tensor? value) in named)
                    if (expected.Remove($"{set}/step{step}/{field}"))
                    {
                        Assert.True(value is not null, $"{field} is expected and not kept");
                        GoldenAssert.Within($"{set}/step{step}/{field}", fixture.Expected($"{set}/step{step}/{field}"), value, absolute: 1e-12, relativeToLargest: 1e-5);
                    }
            }
        }
        Assert.Empty(expected);
    }

    private static AdafactorOptions Options(JsonElement set)
    {
        double? OrNull(string name) => set.GetProperty(name).ValueKind == JsonValueKind.Null ? null : set.GetProperty(name).GetDouble();
        return new()
        {
            LearningRate = OrNull("lr"),
            SquareEpsilon = set.GetProperty("eps")[0].GetDouble(),
            ParameterEpsilon = set.GetProperty("eps")[1].GetDouble(),
            ClipThreshold = set.GetProperty("clip_threshold").GetDouble(),
            DecayRate = set.GetProperty("decay_rate").GetDouble(),
            Beta1 = OrNull("beta1"),
            WeightDecay = set.GetProperty("weight_decay").GetDouble(),
            ScaleParameter = set.GetProperty("scale_parameter").GetBoolean(),
            RelativeStep = set.GetProperty("relative_step").GetBoolean(),
            WarmupInit = set.GetProperty("warmup_init").GetBoolean(),
        };
    }
}
