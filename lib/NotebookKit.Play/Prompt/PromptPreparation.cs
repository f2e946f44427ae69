using NotebookKit.Models;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Prompting;
using static TorchSharp.torch;

namespace NotebookKit.Play.Prompt;

/// <summary>Makes the bench of T0 from data sets with their prompts. Words and rows are made once, when they are first needed.</summary>
/// <param name="tasks">Data sets and prompts.</param>
/// <param name="study">Model and steps.</param>
/// <param name="cache">Where weights are kept; null to train now.</param>
public sealed class PromptPreparation(Func<IProgress<ProgressReport>?, PromptTasks> tasks, T0Study study, RunCache? cache)
{
    private (PromptTasks Tasks, T0Comparison Comparison)? _rows;

    /// <summary>Model and steps at a preset: those of notebook 02.</summary>
    /// <param name="preset">smoke, cpu or long.</param>
    public static T0Study Study(string preset) => T0Experiments.Of(preset);

    /// <summary>Whether all models are kept, here or by notebook 02. Where no weights at all are, no words and rows are made to find out.</summary>
    /// <param name="progress">Hears how far it is.</param>
    public bool IsKept(IProgress<ProgressReport>? progress = null) => cache is not null && cache.HasWeights(T0Experiments.PromptsName)
        && new[] { PromptSubset.One, PromptSubset.All }.All(subset => cache.HasWeights(Rows(progress).Comparison.KeyOf(study with { Prompts = subset }, 1)));

    /// <summary>Loads the models that are kept, and trains those that are missing.</summary>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public PromptBench Prepare(IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        progress?.Report(new("making rows and word pieces", 0, 0));
        (var made, var comparison) = Rows(progress);
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
            return new(made, new(comparison.Tokens, models, About(models[0])));
        }
        catch
        {
            foreach (var model in models) model.Owner.Dispose();
            throw;
        }
    }

    private (PromptTasks Tasks, T0Comparison Comparison) Rows(IProgress<ProgressReport>? progress)
    {
        if (_rows is { } known) return known;
        var made = tasks(progress);
        _rows = known = (made, new(made, study, CPU, cache));
        return known;
    }

    private string About(RankingModel any)
    {
        long weights = ((T5ForConditionalGeneration)any.Owner).parameters().Sum(p => p.numel());
        long start = study.Start.Steps, prompted = study.Training.Training.Steps;
        return $"Three encoder-decoders of {weights:N0} weights. All begin with the same {start:N0} steps on copying, matching and plain documentation, without any prompt: that is p = 0. "
            + $"The two others were then trained for {prompted:N0} steps on {study.Examples:N0} rows a data set at most, worded by one prompt a data set or by all of them."
            + (prompted < 100 ? " So few steps teach nothing: these models guess." : "");
    }
}
