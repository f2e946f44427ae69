namespace NotebookKit.Interactive;

/// <summary>Who shows the displays. This is the one place where the hosts are told apart.</summary>
public enum NotebookHost
{
    /// <summary>The genuine .NET Interactive kernel, or another host of its formatting: a figure is HTML that draws itself.</summary>
    DotNetInteractive,

    /// <summary>The command <c>nbk</c>: a figure is kept as data, from which pages and static pictures are made.</summary>
    Runner,
}

/// <summary>Finds out who shows the displays.</summary>
public static class NotebookHosts
{
    /// <summary>The environment variable that the runner sets for the process of a notebook, to the value <c>nbk</c>.</summary>
    public const string Variable = "NOTEBOOKKIT_HOST";

    /// <summary>The host of this process.</summary>
    public static NotebookHost Current =>
        Environment.GetEnvironmentVariable(Variable) == "nbk" ? NotebookHost.Runner : NotebookHost.DotNetInteractive;
}
