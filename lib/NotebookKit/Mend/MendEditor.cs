using NotebookKit.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>
/// MEND (Mitchell et al. 2022): an edit is one step along a gradient that a learned network has transformed, W ← W - alpha Σ delta~ u~ᵀ.
/// </summary>
public sealed class MendEditor : LearnedEditor
{
    /// <summary>A new editor, which <see cref="MendTraining"/> then trains.</summary>
    /// <param name="model">The model to edit.</param>
    /// <param name="options">The variant.</param>
    /// <param name="seed">Root of the network's initial weights.</param>
    /// <param name="name">The name in tables.</param>
    public MendEditor(EditableModel model, MendOptions? options = null, Seed seed = default, string name = "MEND") : base(model, name)
    {
        Options = (options ?? new()).Checked();
        Network = new MendNetwork(model.Weights, Options, seed.For("editor").ToInt64());
        Network.eval();
    }

    /// <summary>The variant.</summary>
    public MendOptions Options { get; }

    /// <inheritdoc/>
    public override MendNetwork Network { get; }

    internal override Parameter Rates => Network.Alpha;

    internal override LossReduction Reduction => Options.Reduction;

    internal override LinearFactors[] Updates(EditBatch batch, EditGradient gradient) => Network.Updates(gradient.Factors);

    /// <summary>Gathers the statistics of u and delta on edits, before training and once; after it they stay as they are.</summary>
    /// <param name="edits">Edits like those of the training.</param>
    public void FitStatistics(IEnumerable<EditBatch> edits)
    {
        foreach (EditBatch batch in edits)
        {
            using EditGradient gradient = Model.Gradient(batch, reduction: Options.Reduction);
            Network.Observe(gradient.Factors);
        }
        Network.StatisticsFrozen = true;
    }
}

/// <summary>The loss of one training step.</summary>
/// <param name="Total">c_e L_e + c_loc L_loc, a scalar that a gradient can flow from.</param>
/// <param name="Edit">L_e.</param>
/// <param name="Locality">L_loc.</param>
public sealed record MendLoss(Tensor Total, double Edit, double Locality);
