using System.Diagnostics;

namespace NotebookKit.Studies.Data;

/// <summary>
/// The API documentation of .NET: real English that every machine with the SDK has, with labels in it (namespace, kind of
/// member, parameters, exceptions and their conditions). A member that several assemblies document appears once.
/// </summary>
public sealed class ApiDocs
{
    private ApiDocs(ApiDocsSource source, IReadOnlyList<ApiMember> members, TimeSpan elapsed) =>
        (Source, Members, Elapsed) = (source, members, elapsed);

    /// <summary>Where the documentation was found.</summary>
    public ApiDocsSource Source { get; }

    /// <summary>The members, in the order of the files and within a file in the file's order.</summary>
    public IReadOnlyList<ApiMember> Members { get; }

    /// <summary>How long the reading took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Finds and reads the documentation.</summary>
    /// <param name="progress">Is told how many files have been read.</param>
    /// <exception cref="FileNotFoundException">There is none on this machine; the message says what to do.</exception>
    public static ApiDocs Load(IProgress<ProgressReport>? progress = null) => Load(ApiDocsSource.Find(), progress);

    /// <summary>Reads the documentation of a source.</summary>
    /// <param name="source">The files to read.</param>
    /// <param name="progress">Is told how many files have been read.</param>
    /// <exception cref="InvalidDataException">A file is not well-formed XML.</exception>
    public static ApiDocs Load(ApiDocsSource source, IProgress<ProgressReport>? progress = null)
    {
        var started = Stopwatch.GetTimestamp();
        var read = 0;
        // Files are read side by side and joined in their order, so that the result does not depend on the scheduling.
        var members = source.Files
            .AsParallel().AsOrdered()
            .Select(path =>
            {
                var members = ApiDocsReader.Read(path);
                progress?.Report(new("reading the API documentation", Interlocked.Increment(ref read), source.Files.Count));
                return members;
            })
            .AsSequential()
            .SelectMany(m => m)
            .DistinctBy(m => m.Id, StringComparer.Ordinal)
            .ToList();
        return new(source, members, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>
    /// Every sentence of every text, de-duplicated. Whole types are held out, since the members of a type repeat each other: a held-out
    /// sentence stands in no type of the training part.
    /// </summary>
    public TextCorpus ToCorpus() => TextCorpus.FromGroups(
        "API documentation of .NET", Source.Version, Source.Files.Count, Members.SelectMany(m => m.Texts.Select(text => (text, ApiDocsTasks.GroupOf(m)))));

    /// <summary>Version, origin and counts in one line.</summary>
    public override string ToString() =>
        $"API documentation of .NET {Source.Version} ({Source.Origin}{(Source.Pinned ? "" : "; not the pinned version, numbers will differ")}): {Source.Files.Count:N0} files, {Members.Count:N0} members";
}
