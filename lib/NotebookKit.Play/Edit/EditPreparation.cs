using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Mend;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Play.Edit;

/// <summary>Makes the bench of MEND from a book of facts: a model that learns them, and the editors that need training.</summary>
public static class EditPreparation
{
    private const int Seed = 1;

    /// <summary>
    /// Model and editors at a preset: those of notebook 03, but for the shortest, which trains longer than the notebook's short run. Eight steps
    /// make no editor that one could play with.
    /// </summary>
    /// <param name="preset">smoke, cpu or long.</param>
    public static MendStudy Study(string preset)
    {
        var study = MendStudy.Of(preset);
        return preset != "smoke" ? study : study with
        {
            Learning = study.Learning with { Training = study.Learning.Training with { Steps = 500, WarmUpSteps = 40, LearningRate = 4e-3 } },
            Training = study.Training with { Steps = 100 },
            EditsPerStep = 16,
            StatisticsEdits = 256,
            FineTuning = new(),
            Rome = MendStudy.Of("cpu").Rome,
        };
    }

    /// <summary>Whether the editors of a study are kept, here or by notebook 03.</summary>
    /// <param name="book">All facts.</param>
    /// <param name="study">Model, steps and editors.</param>
    /// <param name="cache">Where weights are kept.</param>
    public static bool IsKept(FactBook book, MendStudy study, RunCache cache)
    {
        FactEditing facts = new(EditingWorld.Of(book.Only(study.Relations), study.Unseen, taughtIn: study.TaughtIn));
        return Learning(study).All(editor => cache.HasWeights(KeyOf(editor.Study, facts)));
    }

    /// <summary>Loads model and editors that are kept, and trains those that are missing with the settings of notebook 03 at a preset.</summary>
    /// <param name="book">All facts; the study says which relations are taken.</param>
    /// <param name="study">Model, steps and editors.</param>
    /// <param name="cache">Where weights are kept; null to train now.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public static EditBench Prepare(FactBook book, MendStudy study, RunCache? cache, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var known = book.Only(study.Relations);
        var world = EditingWorld.Of(known, study.Unseen, taughtIn: study.TaughtIn);
        FactEditing facts = new(world);
        // Trains what is missing; what the bench holds are copies, so that it owns them.
        using MendComparison comparison = new(facts, CPU, cache);
        Seed root = new(Seed);
        // ROME writes into the first block, the others into the last ones: the bench watches over all.
        var model = facts.Build(study.InAnyBlock, root.For("weights"), CPU);
        var lastBlocks = FactEditing.Editable((Gpt2LMHeadModel)model.Module, study);
        Dictionary<string, IEditor> editors = [];
        try
        {
            CommonStart.Copy(comparison.Model(study, Seed, progress, cancellation).Module, model.Module);
            model.Module.eval();
            foreach ((string name, var variant) in Learning(study))
            {
                MendEditor editor = new(lastBlocks, variant.Mend, root.For("editor"), name);
                editors.Add(name, editor);
                CommonStart.Obtain(editor.Network, KeyOf(variant, facts), cache, _ => CommonStart.Copy(comparison.Trained(variant, Seed, progress, cancellation).Editor.Network, editor.Network));
                editor.Network.eval();
            }
            progress?.Report(new("reading the facts for ROME", 0, 0));
            editors.Add("ROME", new RomeEditor(model, facts.Moments(model, study, root), study.Rome));
            return new(known, world.Coder, facts, model, lastBlocks, study, editors, About(known, facts, model, study));
        }
        catch
        {
            foreach (var editor in editors.Values.OfType<IDisposable>()) editor.Dispose();
            var module = model.Module;
            lastBlocks.Dispose();
            model.Dispose();
            module.Dispose();
            throw;
        }
    }

    private static (string Name, MendStudy Study)[] Learning(MendStudy study) => [("MEND", study), ("rates only", study.RatesOnly)];

    /// <summary>The run of notebook 03 that ends with this editor.</summary>
    private static RunKey KeyOf(MendStudy study, FactEditing facts) => RunKey.Of(MendComparison.FactsName, study.Alone, Seed, facts.Checksum, "cpu");

    private static string About(FactBook book, FactEditing facts, EditableModel model, MendStudy study)
    {
        long weights = model.Module.parameters().Sum(p => p.numel());
        return $"A GPT-2 of {study.Model.NumHiddenLayers} layers and width {study.Model.HiddenSize} ({weights:N0} weights), taught {book.Facts.Count:N0} facts in {study.Learning.Training.Steps:N0} steps; "
            + $"it answers {facts.Known(model, book.TrainedQuestions):P0} of them rightly in the words it was taught, {facts.Known(model, book.HeldOutQuestions):P0} in others. "
            + $"MEND was trained for {study.Training.Steps:N0} steps{(study.Training.Steps < 100 ? ", which is very few." : ".")}";
    }
}
