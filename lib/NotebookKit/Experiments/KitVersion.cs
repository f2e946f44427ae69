using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Reflection;
using System.Text;

namespace NotebookKit.Experiments;

/// <summary>
/// Which code made a result. The version number alone would let an edited kernel reuse what the old one computed; the
/// commit alone would throw away everything with every change of a text. So the version carries a hash of the code itself.
/// </summary>
public static class KitVersion
{
    // The papers never import each other and nothing that is computed depends on how it is shown (a test holds the kit to both),
    // so that a paper's results stand while another paper's kernel or a figure changes.
    private static readonly string[] Papers = ["NotebookKit.Pmi", "NotebookKit.Prompting", "NotebookKit.Mend"];
    private const string Shown = "NotebookKit.Display";

    private static readonly ConcurrentDictionary<string, string> Known = [];

    /// <summary>Version number and hash of all code, such as <c>0.1.0+il.0123456789ab</c>.</summary>
    public static string Current => Of("");

    /// <summary>Version number and hash of the code that an experiment can run: its paper's and the shared ground, not the other papers', not the displays.</summary>
    /// <param name="settings">The type of the experiment's settings; one that belongs to no paper can run all code.</param>
    public static string Of(Type settings) => Of(Papers.FirstOrDefault(paper => IsIn(settings.Namespace ?? "", paper)) ?? "");

    /// <summary>The version number alone.</summary>
    public static string Number => Informational.Split('+')[0];

    /// <summary>The commit from which the kit was built, or "" when the build did not know one.</summary>
    public static string Commit => Informational.Split('+') is [_, var commit] ? commit : "";

    private static string Of(string paper) => Known.GetOrAdd(paper, static paper =>
    {
        bool Counts(string space) => paper.Length == 0 || (!IsIn(space, Shown) && !Papers.Any(other => other != paper && IsIn(space, other)));
        return $"{Number}+il.{CodeHash(typeof(KitVersion).Assembly, Counts)[..12]}";
    });

    private static string Informational =>
        typeof(KitVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    private static bool IsIn(string space, string root) => space == root || space.StartsWith(root + ".", StringComparison.Ordinal);

    /// <summary>XxHash128 over names and versions of the referenced assemblies and the <see cref="CodeText"/> of the namespaces that count.</summary>
    internal static string CodeHash(Assembly assembly, Func<string, bool> counts)
    {
        if (assembly.Location.Length == 0) return assembly.ManifestModule.ModuleVersionId.ToString("N");
        var hash = new XxHash128();
        foreach (var line in assembly.GetReferencedAssemblies().Select(r => $"{r.Name} {r.Version}").Concat(CodeText.Lines(assembly, counts)))
        {
            hash.Append(Encoding.UTF8.GetBytes(line));
            hash.Append([0]);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
