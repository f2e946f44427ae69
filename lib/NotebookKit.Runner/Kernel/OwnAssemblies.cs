using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookKit.Runner.Kernel;

/// <summary>
/// Resolves <c>#r</c>. An assembly that the runner has itself comes from the runner's own folder, whatever path the notebook names:
/// two copies of one assembly would be two sets of types that do not fit each other.
/// </summary>
internal sealed class OwnAssemblies(string folder) : MetadataReferenceResolver
{
    private static readonly Dictionary<string, string> Own =
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(copies => copies.Key, copies => copies.First(), StringComparer.OrdinalIgnoreCase);

    private readonly ScriptMetadataResolver _files = ScriptMetadataResolver.Default.WithBaseDirectory(folder);

    public override bool ResolveMissingAssemblies => _files.ResolveMissingAssemblies;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
            return [];
        string name = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')) : reference;
        return Own.TryGetValue(name, out string? path)
            ? [MetadataReference.CreateFromFile(path, properties)]
            // The working directory is the notebook's folder; the "file" of a cell is only a name.
            : _files.ResolveReference(reference, null, properties);
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        Own.TryGetValue(referenceIdentity.Name, out string? path)
            ? MetadataReference.CreateFromFile(path)
            : _files.ResolveMissingAssembly(definition, referenceIdentity);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => _files.GetHashCode();
}
