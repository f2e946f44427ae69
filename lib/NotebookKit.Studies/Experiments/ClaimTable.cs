using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Analysis;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// The claims of a paper and what became of each: made by code from result rows, kept as <c>claims-NN.json</c> (NN is the notebook's number)
/// beside those rows, and printed by the notebook. So text, table and data cannot drift apart.
/// </summary>
/// <param name="claims">The claims, in the paper's order.</param>
public sealed class ClaimTable(IEnumerable<Claim> claims) : IReadOnlyList<Claim>
{
    private const string Format = "notebookkit-claims 1";

    private readonly IReadOnlyList<Claim> _claims = [.. claims];

    /// <inheritdoc/>
    public Claim this[int index] => _claims[index];

    /// <inheritdoc/>
    public int Count => _claims.Count;

    /// <summary>The file of a notebook in a folder of results.</summary>
    /// <param name="folder">The folder, such as <c>data/results</c>.</param>
    /// <param name="notebook">The notebook's name or number: <c>01-pmi-masking</c>, <c>01</c>.</param>
    public static string PathOf(string folder, string notebook) => Path.Combine(folder, $"claims-{notebook.Split('-')[0]}.json");

    /// <summary>Whether a file of a folder of results is a table of claims.</summary>
    /// <param name="path">The file.</param>
    public static bool IsOne(string path) => Path.GetFileName(path).StartsWith("claims-", StringComparison.Ordinal);

    /// <summary>How many were shown, in part, not seen, not tested: a caption.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{Count} claims of the paper: {string.Join(", ", Enum.GetValues<Verdict>().Select(v => (Verdict: v, Count: _claims.Count(c => c.Verdict == v))).Where(v => v.Count > 0).Select(v => $"{v.Count} {Words(v.Verdict)}"))}");

    /// <summary>A row a claim: claim, where in the paper, what was measured and where here, estimate with interval, verdict, why. All are texts.</summary>
    /// <param name="decimals">Digits after the point of estimates and intervals.</param>
    public DataFrame ToFrame(int decimals = 3) => new(
        new StringDataFrameColumn("claim", _claims.Select(c => c.Text)),
        new StringDataFrameColumn("in the paper", _claims.Select(c => c.Source)),
        new StringDataFrameColumn("tested by (cell)", _claims.Select(c => c.Cell.Length == 0 ? "–" : $"{c.Measure} ({c.Cell})")),
        new StringDataFrameColumn("estimate", _claims.Select(c => Estimate(c, decimals))),
        new StringDataFrameColumn("verdict", _claims.Select(c => Words(c.Verdict))),
        new StringDataFrameColumn("why", _claims.Select(c => c.Why)));

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => AtomicFile.Write(path, ToJson());

    /// <summary>The file's text. Estimates have six significant digits, so that another machine's last bit changes nothing.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Content(Format, [.. _claims.Select(Row)]), Json) + "\n";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no table of claims; the message names file and place.</exception>
    public static ClaimTable Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no table of claims {path}.", path);
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Json) ?? throw new JsonException("it is empty");
            if (content.Format != Format) throw new JsonException($"'format' is '{content.Format}', expected '{Format}'");
            return new(content.Claims.Select(r => new Claim(r.Claim, r.Source)
            {
                Cell = r.Cell,
                Measure = r.Measure,
                Estimate = r.Estimate,
                Interval = r.Interval is [var low, var high] ? new Interval(low, high) : null,
                Seeds = r.Seeds,
                Preset = r.Preset,
                Verdict = Enum.GetValues<Verdict>().Cast<Verdict?>().FirstOrDefault(v => Words(v!.Value) == r.Verdict) ?? throw new JsonException($"the verdict '{r.Verdict}' of “{r.Claim}” is none of {string.Join(", ", Enum.GetValues<Verdict>().Select(Words))}"),
                Why = r.Why,
            }));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}{(error.LineNumber is { } line ? $"({line + 1})" : "")}: no table of claims: {error.Message} Let the notebook write it again.", error);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Claim> GetEnumerator() => _claims.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Shown => "shown",
        Verdict.InPart => "in part",
        Verdict.NotSeen => "not seen",
        _ => "not tested",
    };

    private static string Estimate(Claim claim, int decimals)
    {
        // Rounded as in the file, so that the table is the same before and after it.
        if (Rounded(claim.Estimate) is not { } value) return "–";
        string?[] notes =
        [
            claim.Interval is { } interval ? new Interval(Rounded(interval.Low)!.Value, Rounded(interval.High)!.Value).ToString(decimals) : null,
            claim.Seeds > 0 ? $"n = {claim.Seeds}" : null,
            claim.Preset.Length > 0 ? claim.Preset : null,
        ];
        var known = notes.OfType<string>().ToList();
        return Experiments.Interval.Number(value, decimals) + (known.Count > 0 ? $" ({string.Join(", ", known)})" : "");
    }

    private static Entry Row(Claim c) => new(
        c.Text, c.Source, c.Cell, c.Measure, Rounded(c.Estimate), c.Interval is { } i ? [Rounded(i.Low)!.Value, Rounded(i.High)!.Value] : null, c.Seeds, c.Preset, Words(c.Verdict), c.Why);

    private static double? Rounded(double? value) => value is { } v && double.IsFinite(v) ? double.Parse(v.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed record Content(string Format, IReadOnlyList<Entry> Claims);

    private sealed record Entry(
        string Claim, string Source, string Cell, string Measure, double? Estimate, IReadOnlyList<double>? Interval, int Seeds, string Preset, string Verdict, string Why);
}
