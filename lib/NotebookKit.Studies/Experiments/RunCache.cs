using System.Text;
using System.Text.Json;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// Finished runs in a folder, one file each, named by the hash of everything that determines the run. An entry is written
/// whole or not at all and carries a checksum of itself; one that was damaged nevertheless is reported and made again.
/// </summary>
public sealed class RunCache
{
    private const string Mark = "notebookkit-run 1 ";
    private readonly string _folder;

    /// <summary>A cache in a folder, which is made with the first entry.</summary>
    /// <param name="folder">The folder.</param>
    public RunCache(string folder) => _folder = Path.GetFullPath(folder);

    /// <summary>The folder.</summary>
    public string Folder => _folder;

    /// <summary>The entry's file.</summary>
    /// <param name="key">The run.</param>
    public string PathOf(RunKey key) => Path.Combine(_folder, FolderName(key.Experiment), key.Hash + ".run");

    /// <summary>
    /// A folder for what an unfinished run wants to find again after an interruption (a checkpoint); not made by this call,
    /// and removed when the run's result is stored.
    /// </summary>
    /// <param name="key">The run.</param>
    public string WorkFolderOf(RunKey key) => Path.Combine(_folder, FolderName(key.Experiment), key.Hash + ".work");

    /// <summary>The file of the weights that a <see cref="CommonStart"/> or a run (<see cref="Run{TSettings}.Keep"/>) keeps.</summary>
    /// <param name="key">What determines the weights.</param>
    public string WeightsOf(RunKey key) => Path.Combine(_folder, FolderName(key.Experiment), key.Hash + ".weights");

    /// <summary>Whether weights are kept under a key.</summary>
    /// <param name="key">What determines the weights.</param>
    public bool HasWeights(RunKey key) => File.Exists(WeightsOf(key));

    /// <summary>Whether any weights of an experiment are kept.</summary>
    /// <param name="experiment">Its name.</param>
    public bool HasWeights(string experiment) => Path.Combine(_folder, FolderName(experiment)) is var folder && Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.weights").Any();

    /// <summary>Looks a run up.</summary>
    /// <param name="key">The run.</param>
    /// <param name="measurements">Its measurements when it is there.</param>
    /// <param name="damage">What is wrong with the entry, or "" when it is sound or there is none.</param>
    /// <returns>Whether a sound entry was found.</returns>
    public bool TryRead(RunKey key, out IReadOnlyList<Measurement> measurements, out string damage)
    {
        measurements = [];
        damage = "";
        string path = PathOf(key);
        string text;
        try
        {
            text = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            damage = $"{path} cannot be read: {error.Message}";
            return false;
        }

        var (head, body) = text.IndexOf('\n') is >= 0 and var end ? (text[..end], text[(end + 1)..]) : (text, "");
        if (!head.StartsWith(Mark, StringComparison.Ordinal)) damage = $"{path} is not an entry of this cache";
        else if (head[Mark.Length..] != CanonicalJson.Hash(body)) damage = $"{path} is damaged: its checksum does not agree";
        else if (Parse(body) is not { Key: { } stored, Measurements: { } found }) damage = $"{path} holds no run";
        else if (stored != key) damage = $"{path} belongs to another run of {stored.Experiment}";
        else
        {
            measurements = found;
            return true;
        }
        return false;
    }

    /// <summary>Stores a finished run and removes its work folder.</summary>
    /// <param name="key">The run.</param>
    /// <param name="measurements">What it measured.</param>
    public void Write(RunKey key, IReadOnlyList<Measurement> measurements)
    {
        string body = JsonSerializer.Serialize(new Entry(key, measurements), Options);
        AtomicFile.Write(PathOf(key), $"{Mark}{CanonicalJson.Hash(body)}\n{body}");
        if (Directory.Exists(WorkFolderOf(key))) Directory.Delete(WorkFolderOf(key), recursive: true);
    }

    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static Entry? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(body, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string FolderName(string experiment) =>
        string.Concat(experiment.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? char.ToLowerInvariant(c) : '-')).Trim('.', '-') is { Length: > 0 } name ? name : "unnamed";

    private sealed record Entry(RunKey Key, IReadOnlyList<Measurement> Measurements);
}

/// <summary>Everything that determines the result of a run.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Settings">The settings as canonical JSON, their type included.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Data">The checksum of the data, such as <see cref="Data.TextCorpus.Checksum"/>.</param>
/// <param name="Device">The kind of device: other kernels give other bits.</param>
/// <param name="Kit">Version and code hash of the kit.</param>
public sealed record RunKey(string Experiment, string Settings, int Seed, string Data, string Device, string Kit)
{
    /// <summary>The key of a run of the kit that is at work.</summary>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="settings">All that the run's author can choose: an immutable record.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="data">The checksum of the data.</param>
    /// <param name="device">The kind of device.</param>
    /// <exception cref="NotSupportedException">The settings hold something that cannot be hashed.</exception>
    public static RunKey Of<TSettings>(string experiment, TSettings settings, int seed, string data, string device)
        where TSettings : notnull => new(experiment, $"{settings.GetType().Name} {CanonicalJson.Of(settings)}", seed, data, device, KitVersion.Of(typeof(TSettings)));

    /// <summary>The hash that names the run's entry in the cache: 32 hexadecimal digits.</summary>
    public string Hash => CanonicalJson.Hash(CanonicalJson.Of(this));
}
