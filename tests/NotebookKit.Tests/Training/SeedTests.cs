using NotebookKit.Training;

namespace NotebookKit.Tests.Training;

public class SeedTests
{
    [Fact]
    public void Seeds_of_other_uses_and_places_differ()
    {
        var root = new Seed(0);
        var seeds = from use in new[] { "order", "masking", "dropout" } from index in Enumerable.Range(0, 1000) select root.For(use).At(index);

        Assert.Equal(3000, seeds.Distinct().Count());
    }

    [Fact]
    public void A_seed_is_the_same_in_every_process() // results are committed under it
    {
        Assert.Equal(5145247648311744957UL, new Seed(7).For("masking").At(3).Value);
        Assert.Equal([4, 5, 1, 0, 3, 2], new Seed(7).Permutation(6));
    }

    [Fact]
    public void A_permutation_holds_every_number_once() => Assert.Equal(Enumerable.Range(0, 100), new Seed(4).Permutation(100).Order());
}
