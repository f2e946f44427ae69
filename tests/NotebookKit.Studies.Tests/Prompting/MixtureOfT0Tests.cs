using NotebookKit.Prompting;
using NotebookKit.Studies.Prompting;

namespace NotebookKit.Tests.Prompting;

public class MixtureOfT0Tests
{
    [Fact]
    public void The_prompts_counted_are_those_of_promptsource()
    {
        Assert.Equal((313, 222), (T0Datasets.Training.Sum(d => d.Prompts), T0Datasets.Training.Sum(d => d.OriginalPrompts)));
        var library = PromptLibrary.Open(Path.Combine(PublicData.Promptsource(), "templates"));
        Assert.All(T0Datasets.Training, d => Assert.Equal(
            (library[d.Name].Prompts.Count, library[d.Name].Prompts.Count(p => p.Metadata.OriginalTask == true)), (d.Prompts, d.OriginalPrompts)));
    }

    /// <summary>The mixture as the notebook makes it, without the prompts themselves.</summary>
    [Fact]
    public void Cnn_dailymail_is_fifteen_per_cent_of_what_T0_reads()
    {
        var (dataset, prompts, part) = new Mixture(T0Datasets.Training.Select(d => d.Source), new MixtureRule.T0()).ByDataset()[0];
        Assert.Equal(("cnn_dailymail/3.0.0", 9, 15.0), (dataset, prompts, Math.Round(100 * part, 1)));
    }

    /// <summary>T0's medians are above the best of three sizes of GPT-3 on seven sets, and within a point of it on two more: the paper's nine of eleven.</summary>
    [Fact]
    public void T0_is_ahead_of_zero_shot_GPT3_on_seven_sets_and_level_on_two()
    {
        Assert.Equal(11, T0Paper.HeldOut.Count);
        Assert.Equal(["WSC", "COPA"], T0Paper.HeldOut.Where(s => s.Lead is <= 0 and >= -1.01).Select(s => s.Dataset));
        Assert.Equal(7, T0Paper.HeldOut.Count(s => s.Lead > 0));
        Assert.Equal(6, T0Paper.HeldOut.Count(s => s.T0 > s.Gpt3FewShot));
    }

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
