using System.Text.Json;
using System.Text.RegularExpressions;

namespace NotebookKit.Studies.Datasets;

/// <summary>The public data sets that the notebooks can use: <c>data/datasets.json</c>.</summary>
public sealed partial class DatasetCatalogue
{
    private const string Format = "notebookkit-datasets 1";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNameCaseInsensitive = false,
    };

    private DatasetCatalogue(IReadOnlyList<DatasetFile> files) => Files = files;

    /// <summary>All files, in the catalogue's order.</summary>
    public IReadOnlyList<DatasetFile> Files { get; }

    /// <summary>The names of the data sets, in the catalogue's order.</summary>
    public IReadOnlyList<string> Names => [.. Files.Select(f => f.Dataset).Distinct()];

    /// <summary>The files of one data set.</summary>
    /// <param name="name">The name, such as "super_glue/rte".</param>
    /// <exception cref="KeyNotFoundException">There is no such set; the message lists similar names.</exception>
    public IReadOnlyList<DatasetFile> this[string name]
    {
        get
        {
            var files = Files.Where(f => f.Dataset == name).ToList();
            if (files.Count > 0) return files;
            var similar = Names.Where(n => n.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(n.Split('/')[^1], StringComparison.OrdinalIgnoreCase)).ToList();
            throw new KeyNotFoundException($"There is no data set '{name}'{(similar.Count > 0 ? $"; did you mean {string.Join(" or ", similar)}?" : $"; there are {string.Join(", ", Names)}.")}");
        }
    }

    /// <summary>Reads a catalogue.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a catalogue; the message names file and entry.</exception>
    public static DatasetCatalogue Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no catalogue {path}.", path);
        Content content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Strict) ?? throw new JsonException("it is empty");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}({error.LineNumber + 1}): not a catalogue: {error.Message}", error);
        }
        if (content.Format != Format) throw new InvalidDataException($"{path}: format is '{content.Format}', expected '{Format}'.");
        var files = content.Files.Concat(content.Copies.SelectMany(c => c.Expanded)).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, file) in files.Index())
        {
            if (Mistake(file) is { } mistake) throw new InvalidDataException($"{path}: file {index + 1} ({file.Path}): {mistake}.");
            if (!seen.Add(file.Path)) throw new InvalidDataException($"{path}: file {index + 1}: the path {file.Path} stands twice.");
        }
        return new(files);
    }

    private static string? Mistake(DatasetFile file) => file switch
    {
        _ when file.Dataset.Length == 0 => "the field dataset is empty",
        _ when !IsInside(file.Path) => "the field path leads out of the data folder",
        _ when !Sha256.IsMatch(file.Sha256) => "the field sha256 is no SHA-256",
        _ when file.Bytes <= 0 || file.Rows < 0 => "the fields bytes and rows must be positive",
        _ when file.Sources.Count == 0 => "the field sources is empty",
        _ when file.Sources.FirstOrDefault(s => !Sha256.IsMatch(s.Sha256) || s.Bytes <= 0) is { } source => $"the source {source.Url} has no SHA-256 or no length",
        _ when file.Sources.FirstOrDefault(s => !PinnedAddress.IsMatch(s.Url)) is { } source => $"the source {source.Url} is not pinned to a commit",
        _ when !DatasetTransformation.Names.Contains(file.Transformation) => $"the transformation '{file.Transformation}' is unknown; there are {string.Join(", ", DatasetTransformation.Names)}",
        _ => null,
    };

    /// <summary>Whether a relative path stays below the folder it is joined to.</summary>
    private static bool IsInside(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Contains('\\') && path.Split('/').All(part => part.Length > 0 && part is not "." and not "..");

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256 { get; }

    [GeneratedRegex("^https?://[^/]+/.*[0-9a-f]{40}/.+$")]
    private static partial Regex PinnedAddress { get; }

    private sealed record Content(string Format, IReadOnlyList<DatasetFile> Files, IReadOnlyList<Copies> Copies);

    /// <summary>Many files of one repository that are taken as they are; what they share is written once.</summary>
    private sealed record Copies(string Dataset, string Group, string Role, string Licence, string Address, IReadOnlyList<Copied> Files)
    {
        public IEnumerable<DatasetFile> Expanded => Files.Select(f => new DatasetFile(
            Dataset, f.Source, f.Path, Group, Role, "", "", 0, f.Bytes, f.Sha256, [], new Dictionary<string, IReadOnlyList<string>>(), Licence, "", "copy", [], [new(Address + f.Source, f.Bytes, f.Sha256)]));
    }

    /// <summary>One of them: its place below a data folder and below the address.</summary>
    private sealed record Copied(string Path, string Source, long Bytes, string Sha256);
}
