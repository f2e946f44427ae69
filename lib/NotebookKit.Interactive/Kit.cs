namespace NotebookKit.Interactive;

/// <summary>What a notebook does once, when it imports <c>kit.csx</c>.</summary>
public static class Kit
{
    /// <summary>Registers the formatters of foreign types with the host.</summary>
    public static void Register()
    {
    }
}
