namespace NotebookKit.Mend;

/// <summary>
/// MEND and its variants. The defaults are the paper's (§3, App. D) with the values of the authors' code where the paper names none;
/// an ablation is a <c>with</c> expression.
/// </summary>
public sealed record MendOptions
{
    /// <summary>What the network reads and changes.</summary>
    public TransformInput Input { get; init; } = TransformInput.Both;

    /// <summary>Whether weights of one shape share a network, each with a scale and an offset of its own. Otherwise each has a network.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>Whether u and delta are brought to mean 0 and variance 1, each dimension by itself, by statistics of the editor's training.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>Whether a new network passes its input on unchanged: z + relu(U V z), with U = 0. Otherwise relu(U V z), Xavier, without the sum.</summary>
    public bool IdentityStart { get; init; } = true;

    /// <summary>Where V starts: Xavier in the paper (App. A), N(0, 1) in the authors' code. <see cref="FirstStep"/> tells what follows for the rate.</summary>
    public StartOfV StartOfV { get; init; } = StartOfV.Xavier;

    /// <summary>How the tokens of an edit become one update.</summary>
    public UpdateRule Rule { get; init; } = UpdateRule.Sum;

    /// <summary>Rank of U V, at most the width of the network's input.</summary>
    public int Rank { get; init; } = 1920;

    /// <summary>Layers before the last one.</summary>
    public int HiddenLayers { get; init; } = 1;

    /// <summary>Whether the last layer has the ReLU too, as in the paper's equation and in the authors' code.</summary>
    public bool ClampLast { get; init; } = true;

    /// <summary>
    /// The rates alpha at the start, in W ← W - alpha · Σ delta~ u~ᵀ. The authors' code adds instead of subtracting and starts at +1e-4, so that
    /// its untrained editor makes the edit's loss larger; there alpha is the negative of ours, and learning takes care of the sign.
    /// </summary>
    public double InitialAlpha { get; init; } = 1e-4;

    /// <summary>How the losses of several edits become one.</summary>
    public LossReduction Reduction { get; init; } = LossReduction.SumOfExamples;

    /// <summary>
    /// By about how much Adam's first step at a rate changes a normalised feature, U being 0: each entry of U moves by the rate, so the feature by
    /// rate · Σ over ranks of |V z|, which is rate · r · σ(V) · √width · √(2/π). Near .1 in the authors' code; far above 1 the network first unlearns its start.
    /// </summary>
    /// <param name="width">Width of the network's input, m + n.</param>
    /// <param name="rate">Adam's rate.</param>
    public double FirstStep(long width, double rate)
    {
        double rank = Math.Min(Rank, width), sigma = StartOfV == StartOfV.Xavier ? Math.Sqrt(2 / (rank + width)) : 1;
        return rate * rank * sigma * Math.Sqrt(width) * Math.Sqrt(2 / Math.PI);
    }

    internal MendOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rank);
        ArgumentOutOfRangeException.ThrowIfNegative(HiddenLayers);
        return this;
    }
}

/// <summary>The distribution from which V of the editor's layers is drawn.</summary>
public enum StartOfV
{
    /// <summary>Uniform on ±√(6 / (rank + width)), as the paper says.</summary>
    Xavier,

    /// <summary>Standard normal, as in the authors' code.</summary>
    Normal,
}

/// <summary>How the transformed factors of an edit's tokens become one update of a weight.</summary>
public enum UpdateRule
{
    /// <summary>Their sum (MEND).</summary>
    Sum,

    /// <summary>The update under which each token's output comes nearest to its own wish (MALMEN, see <see cref="NormalEquation"/>).</summary>
    LeastSquares,
}

/// <summary>What the editor's network reads and changes (paper §3.2 and Table 6).</summary>
public enum TransformInput
{
    /// <summary>One network on u and delta together.</summary>
    Both,

    /// <summary>A network for u and another for delta.</summary>
    Separate,

    /// <summary>u alone; delta stays as it is.</summary>
    OnlyU,

    /// <summary>delta alone; u stays as it is.</summary>
    OnlyDelta,

    /// <summary>The one of the two that has fewer numbers; u if they have as many.</summary>
    OnlySmaller,

    /// <summary>No network: only the learned rates are left, as a control.</summary>
    Nothing,
}
