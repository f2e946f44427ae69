namespace NotebookKit.Mend;

/// <summary>What one update of the editor did.</summary>
/// <param name="Step">Updates made, this one included.</param>
/// <param name="EditLoss">Mean L_e of its tasks.</param>
/// <param name="LocalityLoss">Mean L_loc of its tasks.</param>
/// <param name="GradientNorm">Norm of the gradients before clipping.</param>
/// <param name="Alphas">The learned rates after it, in the order of the weights.</param>
public sealed record MendStep(long Step, double EditLoss, double LocalityLoss, double GradientNorm, IReadOnlyList<double> Alphas);
