using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

/// <summary>Comparisons in the tolerances that the fixtures' makers suggest.</summary>
internal static class GoldenAssert
{
    /// <summary>Logits, losses, hidden states: 1e-4.</summary>
    public static void Close(GoldenFixture fixture, string name, Tensor actual, Tensor? where = null)
    {
        using Tensor expected = fixture.Expected(name);
        Within(name, expected, actual, absolute: 1e-4, relativeToLargest: 0, where);
    }

    /// <summary>The gradient of every parameter, under <paramref name="prefix"/> + its name: 1e-5 + 1e-4 of the largest entry.</summary>
    public static void Gradients(GoldenFixture fixture, string prefix, nn.Module module)
    {
        var expected = fixture.ExpectedNames.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order().ToList();
        var parameters = module.named_parameters().ToDictionary(p => prefix + p.name, p => p.parameter);
        Assert.Equal(expected, parameters.Keys.Order());
        foreach (string name in expected)
        {
            using Tensor wanted = fixture.Expected(name);
            Within(name, wanted, parameters[name].grad ?? throw new InvalidOperationException($"{name} has no gradient"), 1e-5, 1e-4);
        }
    }

    /// <summary>|actual - expected| ≤ absolute + relative · max |expected| in every entry, or in those that <paramref name="where"/> selects.</summary>
    public static void Within(string name, Tensor expected, Tensor actual, double absolute, double relativeToLargest, Tensor? where = null)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        (Tensor e, Tensor a) = where is null ? (expected, actual.detach()) : (expected[where], actual.detach()[where]);
        Assert.True(e.numel() > 0, $"{name}: nothing to compare");
        double off = (e - a).abs().max().item<float>(); // NaN fails below
        double limit = absolute + relativeToLargest * e.abs().max().item<float>();
        Assert.True(off <= limit, $"{name} is off by {off:g3}, more than {limit:g3}");
    }
}
