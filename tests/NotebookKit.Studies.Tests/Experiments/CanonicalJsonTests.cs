using System.Collections.Immutable;
using CsCheck;
using NotebookKit.Studies.Experiments;

namespace NotebookKit.Tests.Experiments;

public class CanonicalJsonTests
{
    private abstract record Schedule;

    private sealed record Linear(double Rate) : Schedule;

    private sealed record Cosine(double Rate) : Schedule;

    private enum Masker { Token, Span }

    private sealed record Settings(int Steps, double Rate, Masker Masker, Schedule? Schedule = null, IReadOnlyList<int>? Sizes = null, string? Name = null)
    {
        public IReadOnlyDictionary<string, int> Limits { get; init; } = ImmutableDictionary<string, int>.Empty;

        public int Derived => Steps < 0 ? 0 : throw new InvalidOperationException("a computed property is no setting");
    }

    private sealed class Hidden
    {
        public int Value { get; set; }
    }

    private sealed record WithHidden(int Steps, Hidden Inner);

    private sealed record WithDelegate(Func<int, int> Schedule);

    [Fact]
    public void Fields_stand_in_ordinal_order_and_numbers_in_shortest_form() => Assert.Equal(
        """{"Limits":{"a":1,"b":2},"Masker":"Span","Name":null,"Rate":0.1,"Schedule":{"$type":"Linear","Rate":1E-05},"Sizes":[3,1],"Steps":10}""",
        CanonicalJson.Of(new Settings(10, .1, Masker.Span, new Linear(1e-5), [3, 1]) { Limits = new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 } }));

    [Fact]
    public void Equal_settings_have_equal_text_and_different_settings_do_not()
    {
        var gen = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4].Select(i => new[] { .1, .2, double.NaN, -0.0, 0.0 }[i]), Gen.Enum<Masker>(), Gen.Bool, Gen.Int[0, 2].Array[0, 3])
            .Select(t => new Settings(t.Item1, t.Item2, t.Item3, t.Item4 ? new Linear(t.Item2) : new Cosine(t.Item2), t.Item5));
        Gen.Select(gen, gen).Sample((a, b) =>
        {
            var same = a with { Sizes = null } == b with { Sizes = null } && a.Sizes!.SequenceEqual(b.Sizes!) && double.IsNegative(a.Rate) == double.IsNegative(b.Rate);
            Assert.Equal(same, CanonicalJson.Of(a) == CanonicalJson.Of(b));
        });
    }

    [Fact]
    public void Sets_and_dictionaries_do_not_depend_on_insertion_order()
    {
        Assert.Equal(CanonicalJson.Of(new HashSet<string> { "x", "y", "z" }), CanonicalJson.Of(new HashSet<string> { "z", "x", "y" }));
        Assert.Equal(CanonicalJson.Of(new Dictionary<int, string> { [10] = "a", [9] = "b" }), CanonicalJson.Of(new Dictionary<int, string> { [9] = "b", [10] = "a" }));
        Assert.NotEqual(CanonicalJson.Of(new List<string> { "x", "y" }), CanonicalJson.Of(new List<string> { "y", "x" }));
    }

    [Fact]
    public void State_that_cannot_be_seen_is_refused_by_name()
    {
        var hidden = Assert.Throws<NotSupportedException>(() => CanonicalJson.Of(new WithHidden(1, new())));
        Assert.Contains("Inner is a", hidden.Message);
        Assert.Contains(nameof(Hidden), hidden.Message);
        Assert.Throws<NotSupportedException>(() => CanonicalJson.Of(new WithDelegate(x => x)));
    }
}
