using CsCheck;
using NotebookKit.Prompting;
using NotebookKit.Training;

namespace NotebookKit.Tests.Prompting;

public class MixtureTests
{
    private static readonly MixtureSource Small = new("small", 1_000, ["a", "b"]);
    private static readonly MixtureSource JustBelow = new("just below", 400_000, ["a", "b", "c", "d"]);
    private static readonly MixtureSource Huge = new("huge", 4_000_000, ["a", "b", "c", "d"]);

    [Fact]
    public void T0_caps_only_data_sets_above_the_cap_and_counts_the_others_once_a_prompt()
    {
        var mixture = new Mixture([Small, JustBelow, Huge], new MixtureRule.T0());
        Assert.Equal([1_000, 1_000, 400_000, 400_000, 400_000, 400_000, 125_000, 125_000, 125_000, 125_000], mixture.Components.Select(c => c.Rate));
        var parts = mixture.ByDataset();
        // The trap: a tenth of the examples, more than three times the weight.
        Assert.Equal("just below", parts[0].Dataset);
        Assert.Equal(3.2, parts[0].Proportion / parts[1].Proportion, 12);
    }

    [Fact]
    public void Plain_rules_weigh_data_sets_as_they_say()
    {
        double[] Parts(MixtureRule rule) => [.. new[] { "small", "just below", "huge" }.Select(name => new Mixture([Small, JustBelow, Huge], rule).ByDataset().Single(d => d.Dataset == name).Proportion)];
        void Equal(double[] expected, MixtureRule rule) => Assert.All(expected.Zip(Parts(rule)), pair => Assert.Equal(pair.First / expected.Sum(), pair.Second, 12));
        Equal([1_000, 400_000, 500_000], new MixtureRule.Capped());
        Equal([1_000, 400_000, 4_000_000], new MixtureRule.Proportional());
        Equal([1, 1, 1], new MixtureRule.EqualDatasets());
        Equal([2, 4, 4], new MixtureRule.EqualPrompts());
        Equal([Math.Sqrt(1_000), Math.Sqrt(400_000), 2_000], new MixtureRule.Temperature(2));
    }

    [Fact]
    public void Every_prompt_is_a_component_and_the_proportions_sum_to_one()
    {
        var components = new Mixture([Small, Huge], new MixtureRule.T0()).Components;
        Assert.Equal(6, components.Count);
        Assert.Equal(1.0, components.Sum(c => c.Proportion), 12);
    }

    [Fact]
    public void Exact_sampling_is_within_one_of_every_expectation_and_repeats_with_its_seed() =>
        Gen.Select(Gen.Int[1, 5_000].Array[1, 8], Gen.Int[0, 500], Gen.ULong).Sample((sizes, count, seed) =>
        {
            var mixture = new Mixture(sizes.Select((size, i) => new MixtureSource($"d{i}", size, ["p"])), new MixtureRule.Proportional());
            var draws = mixture.SampleExactly(count, seed);
            Assert.Equal(count, draws.Count);
            for (int i = 0; i < sizes.Length; i++) Assert.True(Math.Abs(draws.Count(d => d == i) - count * mixture.Components[i].Proportion) < 1 + 1e-9);
            Assert.Equal(draws, mixture.SampleExactly(count, seed));
        }, iter: 300, threads: 1);

    [Fact]
    public void Random_sampling_follows_the_proportions_and_repeats_with_its_seed()
    {
        var mixture = new Mixture([new("a", 1, ["p"]), new("b", 3, ["p", "q"]), new("c", 6, ["p"])], new MixtureRule.Proportional());
        var draws = mixture.Sample(7).Take(40_000).ToList();
        Assert.Equal(draws, mixture.Sample(7).Take(40_000));
        Assert.NotEqual(draws, mixture.Sample(8).Take(40_000));
        for (int i = 0; i < 4; i++)
        {
            double p = mixture.Components[i].Proportion;
            // Five standard deviations; the seed is fixed.
            Assert.InRange(draws.Count(d => d == i), 40_000 * p - 5 * Math.Sqrt(40_000 * p * (1 - p)), 40_000 * p + 5 * Math.Sqrt(40_000 * p * (1 - p)));
        }
    }

    [Fact]
    public void Nothing_to_draw_from_is_an_error_that_names_the_data_set()
    {
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => new Mixture([new("x", 5, [])], new MixtureRule.T0())).Message);
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => new Mixture([new("x", 0, ["p"])], new MixtureRule.T0())).Message);
        Assert.Throws<ArgumentException>(() => new Mixture([], new MixtureRule.T0()));
    }

    [Fact]
    public void Packed_rows_hold_every_token_once_in_order_with_segments_and_positions() =>
        Gen.Select(Gen.Int[0, 14], Gen.Int[1, 6]).Array[1, 30].Sample(lengths =>
        {
            int next = 1;
            var examples = lengths.Select(l => new TokenPair([.. Enumerable.Range(0, l.Item1).Select(_ => next++)], [.. Enumerable.Range(0, l.Item2).Select(_ => next++)])).ToList();
            var rows = new Packing(InputLength: 14, TargetLength: 8).Pack(examples).ToList();
            int at = 0;
            foreach (var row in rows)
            {
                for (int segment = 1; segment <= row.Count; segment++, at++)
                {
                    int[] Slots(int[] segments) => [.. Enumerable.Range(0, segments.Length).Where(i => segments[i] == segment)];
                    Assert.Equal(examples[at].Inputs, Slots(row.InputSegments).Select(i => row.Inputs[i]));
                    Assert.Equal(examples[at].Targets, Slots(row.TargetSegments).Select(i => row.Targets[i]));
                    Assert.Equal(Enumerable.Range(0, examples[at].Inputs.Count), Slots(row.InputSegments).Select(i => row.InputPositions[i]));
                }
                Assert.All(row.Inputs.Zip(row.InputSegments), slot => Assert.Equal(slot.First == 0, slot.Second == 0));
            }
            Assert.Equal(examples.Count, at);
        }, iter: 300, threads: 1);

    [Fact]
    public void Examples_longer_than_a_row_are_cut()
    {
        var row = Assert.Single(new Packing(4, 2).Pack([new TokenPair([1, 2, 3, 4, 5], [6, 7, 8])]));
        Assert.Equal([1, 2, 3, 4], row.Inputs);
        Assert.Equal([6, 7], row.Targets);
    }
}
