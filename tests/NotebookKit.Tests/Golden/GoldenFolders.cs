using System.Text.Json;

namespace NotebookKit.Tests.Golden;

/// <summary>What a fixture's content says it is.</summary>
public enum GoldenKind { Unknown, Bert, Gpt2, T5, Adafactor, MendTransform, MendEdit, MendTraining, MendLosses }

/// <summary>
/// The folders with fixtures: the tests' own, and those that the variable NOTEBOOKKIT_GOLDEN names
/// (several are separated as in PATH). A fixture is recognised by what is in its JSON, not by its name.
/// </summary>
internal static class GoldenFolders
{
    public const string Variable = "NOTEBOOKKIT_GOLDEN";

    public static string Own => Path.Combine(AppContext.BaseDirectory, "Golden", "fixtures");

    public static IReadOnlyList<string> Named =>
        (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static IEnumerable<string> Existing => Named.Where(Directory.Exists).Select(Path.GetFullPath).Prepend(Own).Distinct();

    /// <summary>The JSON files of one kind, one theory row each.</summary>
    public static TheoryData<string> Of(GoldenKind kind) => new(Existing.SelectMany(Fixtures).Where(path => KindOf(path) == kind));

    public static IEnumerable<string> Fixtures(string folder) => Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal);

    public static GoldenKind KindOf(string jsonPath)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(jsonPath));
            return KindOf(json.RootElement);
        }
        catch (JsonException)
        {
            return GoldenKind.Unknown;
        }
    }

    private static GoldenKind KindOf(JsonElement root)
    {
        bool Has(string name) => root.TryGetProperty(name, out _);
        if (root.ValueKind != JsonValueKind.Object || !Has("expected")) return GoldenKind.Unknown;
        if (Has("cases")) return GoldenKind.MendLosses;
        if (Has("editor")) return GoldenKind.MendTraining;
        if (Has("base_model")) return GoldenKind.MendEdit;
        if (!root.TryGetProperty("config", out JsonElement config) || config.ValueKind != JsonValueKind.Object) return GoldenKind.Unknown;
        if (config.TryGetProperty("model_type", out JsonElement type))
            return type.GetString() switch { "bert" => GoldenKind.Bert, "gpt2" => GoldenKind.Gpt2, "t5" => GoldenKind.T5, _ => GoldenKind.Unknown };
        bool EverySetHas(string field) => config.EnumerateObject().All(set => set.Value.ValueKind == JsonValueKind.Object && set.Value.TryGetProperty(field, out _));
        return EverySetHas("decay_rate") ? GoldenKind.Adafactor
            : EverySetHas("delta_dim") ? GoldenKind.MendTransform
            : GoldenKind.Unknown;
    }
}
