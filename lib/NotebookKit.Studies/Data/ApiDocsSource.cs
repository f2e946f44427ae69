using System.Reflection;
using System.Runtime.InteropServices;

namespace NotebookKit.Studies.Data;

/// <summary>Where the API documentation of .NET lies on this machine.</summary>
/// <param name="Origin">What kind of copy it is, in the reader's words.</param>
/// <param name="Version">The version of the documented packages.</param>
/// <param name="Pinned">Whether this is the version that the kit names, so that numbers agree between readers.</param>
/// <param name="Files">The documentation files, in the order in which they are read.</param>
public sealed record ApiDocsSource(string Origin, string Version, bool Pinned, IReadOnlyList<string> Files)
{
    private static readonly string[] Packs = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"];

    /// <summary>
    /// Finds the documentation: first the packages that the build downloaded at the pinned version, then the reference
    /// packs of the installed SDK, whatever their version.
    /// </summary>
    /// <exception cref="FileNotFoundException">Neither copy is there; the message says what to do.</exception>
    public static ApiDocsSource Find()
    {
        var metadata = typeof(ApiDocsSource).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToLookup(a => a.Key, a => a.Value ?? "");
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Find(metadata["ApiDocsVersion"].FirstOrDefault(""), [.. metadata["ApiDocsFolder"]], Path.Combine(dotnet, "packs"));
    }

    /// <summary>Finds the documentation in the given package folders, or else below the given folder of reference packs.</summary>
    /// <param name="version">The pinned version.</param>
    /// <param name="packages">The folders in which the pinned packages were unpacked.</param>
    /// <param name="packs">The SDK's folder of packs.</param>
    internal static ApiDocsSource Find(string version, IReadOnlyList<string> packages, string packs)
    {
        var pinned = packages.Select(FilesOf).ToList();
        if (pinned.Count > 0 && pinned.All(files => files.Count > 0))
            return new("pinned packages", version, true, [.. pinned.SelectMany(f => f)]);

        var installed = Packs.Select(pack => Newest(Path.Combine(packs, pack))).ToList();
        var found = installed.Select(folder => folder is null ? [] : FilesOf(folder)).ToList();
        // The larger pack is .NET itself; ASP.NET Core alone would be another corpus.
        if (found[0].Count > 0)
        {
            var versions = installed.Zip(found).Where(p => p.Second.Count > 0).Select(p => Path.GetFileName(p.First!)).Distinct();
            return new("the SDK's reference packs", string.Join(" and ", versions), false, [.. found.SelectMany(f => f)]);
        }

        var unpacked = packages.Where(Directory.Exists).ToList();
        throw new FileNotFoundException(
            "The API documentation of .NET is not on this machine. "
            + (unpacked.Count > 0
                ? $"The package is unpacked in {unpacked[0]}, but without its .xml files: that happens where NUGET_XMLDOC_MODE=skip is set (as in the SDK's container images). Clear that variable, delete the folder and run 'dotnet restore --force'."
                : $"Looked for {string.Join(" and ", Packs)} {version} in {(packages.Count > 0 ? string.Join(" and ", packages) : "the package cache")} and for {Path.Combine(packs, "*.Ref")}. Build once with 'dotnet build' on a machine that can restore packages, and with NUGET_XMLDOC_MODE not set to skip (which drops these files).")
            + " Or open a text of your own: a .txt file or a folder of them.");
    }

    private static List<string> FilesOf(string package)
    {
        string root = Path.Combine(package, "ref");
        if (!Directory.Exists(root)) return [];
        // Ordinal order, so that the corpus does not depend on the file system.
        return [.. Directory.EnumerateFiles(root, "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static string? Newest(string pack) =>
        !Directory.Exists(pack) ? null : Directory.EnumerateDirectories(pack).OrderBy(VersionOf).ThenBy(d => d, StringComparer.Ordinal).LastOrDefault();

    private static System.Version VersionOf(string folder) =>
        System.Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) ? version : new();
}
