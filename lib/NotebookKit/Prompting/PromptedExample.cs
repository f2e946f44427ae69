namespace NotebookKit.Prompting;

/// <summary>An example as a prompt words it.</summary>
/// <param name="Parts">The rendered text between the separators <c>|||</c>, each stripped: normally input and target.</param>
/// <param name="Choices">The answer choices for this example, or null if the prompt has none.</param>
public sealed record PromptedExample(IReadOnlyList<string> Parts, IReadOnlyList<string>? Choices)
{
    /// <summary>What the model reads.</summary>
    public string Input => Parts[0];

    /// <summary>What the model should write; null if the prompt does not apply to the example (a suppressed or missing second part).</summary>
    public string? Target => Parts.Count > 1 ? Parts[1] : null;

    /// <summary>Whether there are exactly two parts, neither empty: what T0 trains and evaluates on.</summary>
    public bool IsUsable => Parts is [{ Length: > 0 }, { Length: > 0 }];

    /// <summary>Position of the target among the choices, or -1: rank classification needs it.</summary>
    public int TargetChoice
    {
        get
        {
            for (int i = 0; Choices is not null && i < Choices.Count; i++)
            {
                if (Choices[i] == Target) return i;
            }
            return -1;
        }
    }
}
