using NotebookKit.Pmi;

namespace NotebookKit.Tests.Pmi;

public class MaskingRandomTests
{
    [Fact]
    public void Equal_seeds_give_equal_draws_and_other_seeds_or_streams_do_not()
    {
        ulong[] draws = Draws(new(1, 2));
        Assert.Equal(draws, Draws(new(1, 2)));
        Assert.NotEqual(draws, Draws(new(2, 2)));
        Assert.NotEqual(draws, Draws(new(1, 3)));
        Assert.NotEqual(draws, Draws(new(3, 1)));

        static ulong[] Draws(MaskingRandom random)
        {
            ulong[] bits = new ulong[4];
            for (int i = 0; i < bits.Length; i++) bits[i] = random.NextBits();
            return bits;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Whole_numbers_are_uniform_below_the_bound(int bound)
    {
        MaskingRandom random = new(5);
        int[] seen = new int[bound];
        int draws = 1000 * bound;
        for (int i = 0; i < draws; i++) seen[random.Next(bound)]++;
        // Each bin is binomial with mean 1000 and deviation below 32.
        Assert.All(seen, count => Assert.InRange(count, 1000 - 6 * 32, 1000 + 6 * 32));
    }

    [Fact]
    public void Fractions_are_uniform_from_zero_to_below_one()
    {
        MaskingRandom random = new(6);
        int[] tenths = new int[10];
        for (int i = 0; i < 100_000; i++) tenths[(int)(random.NextDouble() * 10)]++;
        Assert.All(tenths, count => Assert.InRange(count, 10_000 - 600, 10_000 + 600));
    }
}
