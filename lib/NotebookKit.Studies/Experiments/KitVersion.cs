using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Reflection;
using System.Text;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// Which code made a result. The version number alone would let an edited kernel reuse what the old one computed; the
/// commit alone would throw away everything with every change of a text. So the version carries a hash of the code itself.
/// </summary>
public static class KitVersion
{
    // The papers never import each other and nothing that is computed depends on how it is shown (tests hold the kit to both),
    // so that a paper's results stand while another paper's kernel or a figure changes.
    private static readonly PaperAttribute[] Papers =
        [.. typeof(KitVersion).Assembly.GetTypes().Select(type => type.GetCustomAttribute<PaperAttribute>()).OfType<PaperAttribute>()];

    // What an experiment can run: this assembly and those of the kit that it refers to, without the displays.
    private static readonly Lazy<Assembly[]> Code = new(() =>
    [
        typeof(KitVersion).Assembly,
        .. typeof(KitVersion).Assembly.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("NotebookKit", StringComparison.Ordinal) && name.Name != "NotebookKit.Display")
            .OrderBy(name => name.Name, StringComparer.Ordinal)
            // A lambda: called from System.Linq, Load would not look where a notebook's kernel has put this assembly.
            .Select(name => Assembly.Load(name)),
    ]);

    private static readonly ConcurrentDictionary<PaperAttribute, string> Known = [];

    /// <summary>Version number and hash of all code, such as <c>0.1.0+il.0123456789ab</c>.</summary>
    public static string Current { get; } = Hash(_ => true);

    /// <summary>Version number and hash of the code that an experiment can run: its paper's and the shared ground, not the other papers', not the displays.</summary>
    /// <param name="settings">The type of the experiment's settings; one that belongs to no paper can run all code.</param>
    public static string Of(Type settings) => Papers.FirstOrDefault(paper => paper.Owns(settings.Namespace ?? "")) is { } paper
        ? Known.GetOrAdd(paper, static paper => Hash(space => !Papers.Any(other => other != paper && other.Owns(space))))
        : Current;

    /// <summary>The version number alone.</summary>
    public static string Number => Informational.Split('+')[0];

    /// <summary>The commit from which the kit was built, or "" when the build did not know one.</summary>
    public static string Commit => Informational.Split('+') is [_, var commit] ? commit : "";

    private static string Hash(Func<string, bool> counts) => $"{Number}+il.{CodeHash(Code.Value, counts)[..12]}";

    private static string Informational =>
        typeof(KitVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>XxHash128 over names and versions of the referenced assemblies and the <see cref="CodeText"/> of the namespaces that count.</summary>
    internal static string CodeHash(IReadOnlyList<Assembly> assemblies, Func<string, bool> counts)
    {
        var hash = new XxHash128();
        foreach (string? line in assemblies.SelectMany(assembly => Lines(assembly, counts)))
        {
            hash.Append(Encoding.UTF8.GetBytes(line));
            hash.Append([0]);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static IEnumerable<string> Lines(Assembly assembly, Func<string, bool> counts) => assembly.Location.Length == 0
        ? [assembly.ManifestModule.ModuleVersionId.ToString("N")]
        : assembly.GetReferencedAssemblies().Select(r => $"{r.Name} {r.Version}").Concat(CodeText.Lines(assembly, counts));
}
