using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;

namespace NotebookKit.Tests.Prompting;

public class MixtureOfT0Tests
{
    /// <summary>The proportions that follow from T0's code, computed here from the rule and the prompts themselves.</summary>
    [Fact]
    public void T0_rule_gives_cnn_dailymail_a_larger_part_than_gigaword_which_has_thirteen_times_its_examples()
    {
        var library = PromptLibrary.Open(Path.Combine(PublicData.Promptsource(), "templates"));
        var sources = T0Datasets.Training.Select(d => new MixtureSource(d.Name, d.TrainExamples, [.. library[d.Name].Prompts.Select(p => p.Name)])).ToList();
        var mixture = new Mixture(sources, new MixtureRule.T0());
        Assert.Equal(313, mixture.Components.Count);
        var largest = mixture.ByDataset().Take(5).Select(d => (d.Dataset, Math.Round(100 * d.Proportion, 1)));
        Assert.Equal([("cnn_dailymail/3.0.0", 15.0), ("glue/qqp", 12.6), ("xsum", 11.8), ("app_reviews", 6.7), ("ag_news", 4.9)], largest);
        double Part(MixtureRule rule, string name) => new Mixture(sources, rule).ByDataset().Single(d => d.Dataset == name).Proportion;
        Assert.True(Part(new MixtureRule.T0(), "cnn_dailymail/3.0.0") > 5 * Part(new MixtureRule.T0(), "gigaword"));
        Assert.True(Part(new MixtureRule.Capped(), "cnn_dailymail/3.0.0") < Part(new MixtureRule.Capped(), "gigaword"));
    }
}
