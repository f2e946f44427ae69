using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NotebookKit.Pretrained;

/// <summary>Reads a file that was compiled into an assembly, as data: the assembly is not loaded and none of its code runs.</summary>
internal static class EmbeddedResource
{
    /// <summary>The bytes of the resource whose name ends with <paramref name="ending"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no assembly, or holds no such resource.</exception>
    internal static byte[] Read(string assembly, string ending)
    {
        try
        {
            using var file = File.OpenRead(assembly);
            using PEReader image = new(file, PEStreamOptions.LeaveOpen);
            var metadata = image.GetMetadataReader();
            foreach (var resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
                if (metadata.GetString(resource.Name).EndsWith(ending, StringComparison.Ordinal) && resource.Implementation.IsNil)
                {
                    image.PEHeaders.TryGetDirectoryOffset(image.PEHeaders.CorHeader!.ResourcesDirectory, out int resources);
                    file.Position = resources + resource.Offset;
                    using BinaryReader reader = new(file);
                    int length = reader.ReadInt32(); // a resource is its length, then its bytes
                    byte[] bytes = reader.ReadBytes(length);
                    return bytes.Length == length ? bytes : throw new BadImageFormatException($"'{ending}' is cut short");
                }
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"{assembly} is damaged ({e.Message}). Delete its folder and restore again.", e);
        }
        throw new InvalidDataException($"{assembly} holds no resource '{ending}'. Delete its folder and restore again.");
    }
}
