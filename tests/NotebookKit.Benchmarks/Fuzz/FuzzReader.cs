namespace NotebookKit.Benchmarks.Fuzz;

/// <summary>A reader under test: what it is fed, and which errors are proper.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Share">Its share of the time, beside the others'.</param>
/// <param name="Make">The input of a number.</param>
/// <param name="Read">Reads an input, which lies in <see cref="FuzzInput.Bytes"/> and, once asked for, in a file.</param>
/// <param name="IsProper">Whether an error is the one that the reader promises.</param>
internal sealed record FuzzReader(string Name, int Share, Func<Random, byte[]> Make, Action<FuzzInput> Read, Func<Exception, FuzzInput, bool> IsProper);

/// <summary>One input.</summary>
/// <param name="Folder">A folder of the worker's own.</param>
/// <param name="Bytes">The input.</param>
internal sealed record FuzzInput(string Folder, byte[] Bytes)
{
    /// <summary>The input as a file; every input has the same.</summary>
    public string AsFile(string name)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, Bytes);
        return path;
    }

    /// <summary>The input as text; what is no UTF-8 is replaced, as File.OpenText does.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}
