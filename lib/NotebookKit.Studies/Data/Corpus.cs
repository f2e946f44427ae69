namespace NotebookKit.Studies.Data;

/// <summary>The one way to a corpus, whatever the reader named.</summary>
public static class Corpus
{
    /// <summary>Opens a corpus of sentences.</summary>
    /// <param name="path">A .txt file, a folder of them, or "" for the API documentation of .NET.</param>
    /// <param name="progress">Is told how far the reading has come.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or no documentation on this machine.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public static TextCorpus Open(string path = "", IProgress<ProgressReport>? progress = null) =>
        string.IsNullOrWhiteSpace(path) ? ApiDocs.Load(progress).ToCorpus() : TextCorpus.Load(path);
}
