using System.IO.Hashing;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace NotebookKit.Experiments;

/// <summary>
/// Which code made a result. The version number alone would let an edited kernel reuse what the old one computed; the
/// commit alone would throw away everything with every change of a text. So the version carries a hash of the code itself.
/// </summary>
public static class KitVersion
{
    private static readonly Lazy<string> Value = new(() => $"{Number}+il.{CodeHash(typeof(KitVersion).Assembly)[..12]}");

    /// <summary>Version number and code hash, such as <c>0.1.0+il.0123456789ab</c>.</summary>
    public static string Current => Value.Value;

    /// <summary>The version number alone.</summary>
    public static string Number => Informational.Split('+')[0];

    /// <summary>The commit from which the kit was built, or "" when the build did not know one.</summary>
    public static string Commit => Informational.Split('+') is [_, var commit] ? commit : "";

    private static string Informational =>
        typeof(KitVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>
    /// XxHash128 over the code of an assembly: the instructions of every method under its name, all text literals, and
    /// names and versions of the referenced assemblies. Comments, documentation and line numbers do not count.
    /// </summary>
    internal static string CodeHash(Assembly assembly)
    {
        if (assembly.Location.Length == 0) return assembly.ManifestModule.ModuleVersionId.ToString("N");
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var hash = new XxHash128();

        foreach (var handle in metadata.AssemblyReferences)
        {
            var reference = metadata.GetAssemblyReference(handle);
            Add($"{metadata.GetString(reference.Name)} {reference.Version}");
        }
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            var type = metadata.GetTypeDefinition(method.GetDeclaringType());
            Add($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}");
            if (method.RelativeVirtualAddress != 0) hash.Append(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? []);
        }
        // The compiler names the fields of constant data by a hash of the data.
        foreach (var handle in metadata.FieldDefinitions) Add(metadata.GetString(metadata.GetFieldDefinition(handle).Name));
        for (var handle = metadata.GetNextHandle(default(UserStringHandle)); !handle.IsNil; handle = metadata.GetNextHandle(handle))
            Add(metadata.GetUserString(handle));
        return Convert.ToHexStringLower(hash.GetCurrentHash());

        void Add(string text)
        {
            hash.Append(System.Text.Encoding.UTF8.GetBytes(text));
            hash.Append([0]);
        }
    }
}
