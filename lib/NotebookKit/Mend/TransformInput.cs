namespace NotebookKit.Mend;

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
