using NotebookKit.Mend;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Studies.Mend;

/// <summary>Which edits: those by which settings are chosen, those of the results, those of relations that no training touched.</summary>
public enum EditPart
{
    /// <summary>To choose rates, strengths and distances by; no result uses them.</summary>
    Valid,

    /// <summary>For results.</summary>
    Test,

    /// <summary>For results beyond the kinds of edits that were trained; none in some regimes.</summary>
    Unseen,
}

/// <summary>
/// What editing takes place in: a model that has learnt something, edits for training and for tests, and what must stay. The paper has three:
/// questions with short answers (<see cref="FactEditing"/>), true or false claims (<see cref="ClaimEditing"/>), running text (<see cref="PassageEditing"/>).
/// </summary>
public abstract class EditingRegime
{
    /// <summary>The name in tables.</summary>
    public abstract string Name { get; }

    /// <summary>A checksum of the data.</summary>
    public abstract string Checksum { get; }

    /// <summary>The model under edit, untrained; two with one seed are equal.</summary>
    /// <param name="study">Shape and edited weights.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="device">Where it stands.</param>
    public abstract EditableModel Build(MendStudy study, Seed seed, Device device);

    /// <summary>Teaches the bare model what it is to know; the caller may stop between two steps.</summary>
    public abstract IEnumerable<TrainingStep> Teach(nn.Module model, MendStudy study, Seed seed);

    /// <summary>Edits, each with its questions.</summary>
    /// <param name="model">The taught model; which edits are news may follow from what it says.</param>
    /// <param name="study">How many questions stand beside an edit.</param>
    /// <param name="part">Which edits.</param>
    /// <param name="count">How many; fewer if there are no more.</param>
    /// <param name="seed">The run's seed, from which the parts are drawn.</param>
    public abstract IReadOnlyList<EditTrial> Trials(EditableModel model, MendStudy study, EditPart part, int count, Seed seed);

    /// <summary>Test edits that are made together: no question that must stay asks for what another of them changes.</summary>
    /// <param name="model">The taught model.</param>
    /// <param name="study">How many questions stand beside an edit.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="index">Which batch of them.</param>
    public virtual IReadOnlyList<EditTrial> Together(EditableModel model, MendStudy study, int count, Seed seed, int index) =>
        [.. Trials(model, study, EditPart.Test, count * (index + 1), seed).Skip(count * index)];

    /// <summary>What an editor trains on in one step.</summary>
    /// <param name="model">The taught model.</param>
    /// <param name="study">How many edits and questions.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The step's own seed.</param>
    public abstract EditTask Task(EditableModel model, MendStudy study, Seed seed, Seed step);

    /// <summary>Ordinary text of the training part: what ROME and MEMIT take the keys' second moment from.</summary>
    public abstract IEnumerable<EditBatch> Texts(EditableModel model, MendStudy study, Seed seed);

    /// <summary>The second moment of the keys that ROME and MEMIT weigh by, with the study's ridge; float64, [in, in], the caller's.</summary>
    /// <param name="model">The taught model.</param>
    /// <param name="study">Which weight (<see cref="RomeOptions.Weight"/>), and the ridge.</param>
    /// <param name="seed">The run's seed.</param>
    public Tensor Moments(EditableModel model, MendStudy study, Seed seed)
    {
        var weight = model.Weights[study.Rome.Weight];
        using var scope = NewDisposeScope();
        var c = KeyMoments.Of(model, weight, Texts(model, study, seed));
        return (c + study.Ridge * c.diagonal().mean() * eye(weight.Inputs, dtype: c.dtype, device: c.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The metric in which damage shows first, as in the rows of a comparison.</summary>
    public abstract string Damage { get; }

    /// <summary>What an edit costs elsewhere, in the unit of success: lost accuracy, averaged over the groups.</summary>
    public virtual double Cost(EditMetrics metrics) => metrics.Others.Values.Where(group => group.Questions > 0).Select(group => group.Drawdown).DefaultIfEmpty(0).Average();
}
