namespace NotebookKit.Prompting;

/// <summary>One prompt of one data set in a mixture.</summary>
/// <param name="Dataset">Data set and subset.</param>
/// <param name="Prompt">The prompt's name.</param>
/// <param name="Rate">Its rate by the rule.</param>
/// <param name="Proportion">The part of all training examples that come from it: rate / sum of rates.</param>
public sealed record MixtureComponent(string Dataset, string Prompt, double Rate, double Proportion);
