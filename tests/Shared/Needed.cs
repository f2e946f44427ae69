namespace NotebookKit.Tests;

/// <summary>What a test needs of the machine.</summary>
internal static class Needed
{
    /// <summary>A reader's machine may lack it, and the test says what was left out; where <c>NOTEBOOKKIT_COMPLETE</c> is set nothing may be missing.</summary>
    public static void OrSkip(bool isThere, string message)
    {
        if (isThere)
            return;
        if (Environment.GetEnvironmentVariable("NOTEBOOKKIT_COMPLETE") is { Length: > 0 })
            Assert.Fail(message);
        Assert.Skip(message);
    }
}
