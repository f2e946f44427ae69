namespace NotebookKit.Tests;

/// <summary>Public data that is not in the checkout: tests that need it skip where <c>NOTEBOOKKIT_DATA</c> names no folder of it.</summary>
internal static class PublicData
{
    public static string Promptsource()
    {
        string? data = Environment.GetEnvironmentVariable("NOTEBOOKKIT_DATA");
        string? folder = data?.Split(Path.PathSeparator).Select(d => Path.Combine(d, "promptsource")).FirstOrDefault(Directory.Exists);
        if (folder is null) Assert.Skip("Set NOTEBOOKKIT_DATA to a folder that holds promptsource/ to compare with the public prompts.");
        return folder;
    }
}
