using NotebookKit.Models;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Prompting;
using static TorchSharp.torch;

namespace NotebookKit.Play.Prompt;

/// <summary>Makes the bench of T0 from the API documentation and a library of prompts.</summary>
public static class PromptPreparation
{
    /// <summary>Model and steps at a preset: those of notebook 02.</summary>
    /// <param name="preset">smoke, cpu or long.</param>
    public static T0Study Study(string preset) => T0Experiments.Of(preset);

    /// <summary>Whether all models of a study are kept, here or by notebook 02.</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="study">Model and steps.</param>
    /// <param name="cache">Where weights are kept.</param>
    public static bool IsKept(ApiDocs docs, PromptLibrary prompts, T0Study study, RunCache cache)
    {
        // Words and rows are made for the key; where no weights at all are kept, there is no need to.
        if (!cache.HasWeights(T0Experiments.PromptsName)) return false;
        T0Comparison comparison = new(PromptTasks.FromApiDocs(docs, prompts, study), study, CPU, cache);
        return new[] { PromptSubset.One, PromptSubset.All }.All(subset => cache.HasWeights(comparison.KeyOf(study with { Prompts = subset }, 1)));
    }

    /// <summary>Loads the models that are kept, and trains those that are missing with the settings of notebook 02 at a preset.</summary>
    /// <param name="docs">The documentation.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="study">Model and steps.</param>
    /// <param name="cache">Where weights are kept; null to train now.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public static PromptBench Prepare(
        ApiDocs docs, PromptLibrary prompts, T0Study study, RunCache? cache, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        progress?.Report(new("making rows and word pieces", 0, 0));
        var tasks = PromptTasks.FromApiDocs(docs, prompts, study);
        T0Comparison comparison = new(tasks, study, CPU, cache);
        List<RankingModel> models = [];
        try
        {
            foreach ((string name, var subset) in new[] { (T0Experiments.NoPrompt, PromptSubset.None), (T0Experiments.OnePrompt, PromptSubset.One), (T0Experiments.All, PromptSubset.All) })
            {
                cancellation.ThrowIfCancellationRequested();
                var variant = study with { Prompts = subset };
                var model = comparison.Train(variant, 1, progress, cancellation);
                models.Add(new(name, comparison.Classifier(model, variant), model));
            }
            return new(tasks, new(comparison.Tokens, models, About(study, models[0])));
        }
        catch
        {
            foreach (var model in models) model.Owner.Dispose();
            throw;
        }
    }

    private static string About(T0Study study, RankingModel any)
    {
        long weights = ((T5ForConditionalGeneration)any.Owner).parameters().Sum(p => p.numel());
        long start = study.Start.Steps, prompted = study.Training.Training.Steps;
        return $"Three encoder-decoders of {weights:N0} weights. All begin with the same {start:N0} steps on copying, matching and plain documentation, without any prompt: that is p = 0. "
            + $"The two others were then trained for {prompted:N0} steps on {study.Examples:N0} rows a data set at most, worded by one prompt a data set or by all of them."
            + (prompted < 100 ? " So few steps teach nothing: these models guess." : "");
    }
}
