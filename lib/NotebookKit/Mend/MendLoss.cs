using static TorchSharp.torch;

namespace NotebookKit.Mend;

/// <summary>The loss of one training step.</summary>
/// <param name="Total">c_e L_e + c_loc L_loc, a scalar that a gradient can flow from.</param>
/// <param name="Edit">L_e.</param>
/// <param name="Locality">L_loc.</param>
public sealed record MendLoss(Tensor Total, double Edit, double Locality);
