using System.Security.Cryptography;

namespace NotebookKit.Studies.Datasets;

/// <summary>Whether a data file is at hand.</summary>
public enum DatasetState
{
    /// <summary>It is nowhere.</summary>
    Missing,

    /// <summary>A sound copy is there.</summary>
    Present,

    /// <summary>There are copies, but their bytes are not the catalogue's.</summary>
    Damaged,
}

/// <summary>What was found of a data file.</summary>
/// <param name="File">The file.</param>
/// <param name="State">Whether it is at hand.</param>
/// <param name="Path">The copy that was found, or "".</param>
public sealed record DatasetStatus(DatasetFile File, DatasetState State, string Path);

/// <summary>
/// The data files on this machine: folders that are looked in, and a cache into which missing files are brought. Only files
/// whose SHA-256 is the catalogue's are ever handed out.
/// </summary>
public sealed class DatasetStore
{
    /// <summary>The environment variable that names folders with public data, separated as those of PATH are.</summary>
    public const string FoldersVariable = "NOTEBOOKKIT_DATA";

    private readonly IReadOnlyList<string> _folders;

    /// <summary>A store.</summary>
    /// <param name="catalogue">The files there are.</param>
    /// <param name="cache">The folder for what is brought; made when need be.</param>
    /// <param name="folders">Folders that are looked in first, such as those named by <see cref="FoldersVariable"/>.</param>
    public DatasetStore(DatasetCatalogue catalogue, string cache, params IReadOnlyList<string> folders) =>
        (Catalogue, Cache, _folders) = (catalogue, Path.GetFullPath(cache), [.. folders.Select(Path.GetFullPath)]);

    /// <summary>The store of a data folder: its <c>datasets.json</c>, its <c>cache/datasets</c>, and first the folders that <see cref="FoldersVariable"/> names.</summary>
    /// <param name="data">The data folder of a checkout.</param>
    /// <exception cref="DatasetException">The catalogue cannot be read.</exception>
    public static DatasetStore Open(string data) =>
        new(DatasetCatalogue.Read(Path.Combine(data, "datasets.json")), Path.Combine(data, "cache", "datasets"), Folders(Environment.GetEnvironmentVariable(FoldersVariable)));

    /// <summary>The folders of a value of <see cref="FoldersVariable"/>; empty and blank names are passed over.</summary>
    /// <param name="named">The value; null for none.</param>
    public static IReadOnlyList<string> Folders(string? named) =>
        (named ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The files there are.</summary>
    public DatasetCatalogue Catalogue { get; }

    /// <summary>The folder for what is brought.</summary>
    public string Cache { get; }

    /// <summary>Looks for a file in all folders and verifies what it finds.</summary>
    /// <param name="file">The file.</param>
    public DatasetStatus Check(DatasetFile file)
    {
        string damaged = "";
        foreach (string? path in _folders.Append(Cache).Select(folder => Path.Combine(folder, file.Path)).Where(File.Exists))
        {
            if (IsSound(path, file.Bytes, file.Sha256)) return new(file, DatasetState.Present, path);
            if (damaged.Length == 0) damaged = path;
        }
        return new(file, damaged.Length > 0 ? DatasetState.Damaged : DatasetState.Missing, damaged);
    }

    /// <summary>Whether a sound copy is on this machine.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="split">The part of it.</param>
    /// <exception cref="KeyNotFoundException">The catalogue has no such file.</exception>
    public bool Has(string dataset, string split) => Check(FileOf(dataset, split)).State == DatasetState.Present;

    /// <summary>The path of a sound copy.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="split">The part of it.</param>
    /// <exception cref="KeyNotFoundException">The catalogue has no such file.</exception>
    /// <exception cref="DatasetException">It is not on this machine; the message names the command that brings it.</exception>
    public string Locate(string dataset, string split)
    {
        var file = FileOf(dataset, split);
        var status = Check(file);
        return status.State switch
        {
            DatasetState.Present => status.Path,
            DatasetState.Damaged => throw new DatasetException($"{status.Path} is damaged: its SHA-256 is not the catalogue's. Bring it again.") { Dataset = dataset },
            _ => throw new DatasetException($"{file.Path} is in none of {string.Join(", ", _folders.Append(Cache))}. Bring it, or name a folder that has it by {FoldersVariable}.") { Dataset = dataset },
        };
    }

    private DatasetFile FileOf(string dataset, string split)
    {
        var files = Catalogue[dataset];
        return files.FirstOrDefault(f => f.Split == split) ?? throw new KeyNotFoundException($"The data set '{dataset}' has no part '{split}'; it has {string.Join(", ", files.Select(f => f.Split))}.");
    }

    /// <summary>Brings a file into the cache unless a sound copy is at hand: downloads its sources, transforms them, verifies the result.</summary>
    /// <param name="file">The file.</param>
    /// <param name="download">Brings the sources.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="cancellation">Stops it; what has arrived is kept for the next time.</param>
    /// <returns>The path of the sound copy.</returns>
    /// <exception cref="DatasetException">It cannot be had; the cache holds no broken file.</exception>
    public async Task<string> GetAsync(DatasetFile file, DatasetDownload download, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        if (Check(file) is { State: DatasetState.Present } present) return present.Path;

        var sources = new List<byte[]>();
        foreach (var source in file.Sources)
        {
            string kept = Path.Combine(Cache, "sources", source.Sha256);
            if (!File.Exists(kept) || !IsSound(kept, source.Bytes, source.Sha256)) await download.FetchAsync(source, kept, progress, cancellation);
            sources.Add(await File.ReadAllBytesAsync(kept, cancellation));
        }

        progress?.Report(new($"making {file.Path}", 0, file.Bytes));
        byte[] made;
        try
        {
            made = DatasetTransformation.Apply(file, sources);
        }
        catch (InvalidDataException error)
        {
            throw new DatasetException(error.Message, error);
        }
        if (Convert.ToHexStringLower(SHA256.HashData(made)) is var found && found != file.Sha256)
            throw new DatasetException($"{file.Path}: the transformation '{file.Transformation}' gave other bytes than the catalogue's ({made.Length:N0} of {file.Bytes:N0}, SHA-256 {found}). Catalogue and kit do not belong together.");
        string path = Path.Combine(Cache, file.Path);
        try
        {
            AtomicFile.Write(path, made);
        }
        catch (IOException error)
        {
            throw new DatasetException(error.Message, error);
        }
        progress?.Report(new($"making {file.Path}", file.Bytes, file.Bytes));
        return path;
    }

    private static bool IsSound(string path, long bytes, string sha256)
    {
        using var file = File.OpenRead(path);
        return file.Length == bytes && Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
    }
}
