namespace NotebookKit.Runner.Execution;

/// <summary>The checkout that the command works in, found from the working directory or from the command's own folder.</summary>
/// <param name="Root">The folder that holds the solution.</param>
internal sealed record Repository(string Root)
{
    private const string Mark = "NotebookKit.sln";

    public string Notebooks => Path.Combine(Root, "notebooks");

    public string Site => Path.Combine(Root, "artifacts", "site");

    /// <exception cref="DirectoryNotFoundException">Neither folder lies in a checkout.</exception>
    public static Repository Find() => Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory)
        ?? throw new DirectoryNotFoundException(
            $"No folder above {Directory.GetCurrentDirectory()} holds {Mark}: run nbk inside a checkout of NotebookKit.");

    private static Repository? Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, Mark)))
                return new Repository(at.FullName);
        }
        return null;
    }
}
