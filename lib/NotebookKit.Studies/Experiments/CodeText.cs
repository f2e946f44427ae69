using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// The code of an assembly as lines of text: every instruction of every method, with names in place of the numbers that the compiler
/// gives to types, members and literals. Those numbers move when code elsewhere changes; the text of a namespace does not.
/// </summary>
internal static partial class CodeText
{
    private static readonly Dictionary<ushort, OpCode> OpCodes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => (ushort)o.Value);

    /// <summary>The lines of the namespaces that count. Comments, documentation, line numbers and attributes are not among them.</summary>
    /// <param name="assembly">An assembly that was loaded from a file.</param>
    /// <param name="counts">Whether the code of a namespace counts.</param>
    public static IEnumerable<string> Lines(Assembly assembly, Func<string, bool> counts)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var names = new Names(metadata);
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            // What the compiler makes for the whole assembly (anonymous types and the like) lies in no namespace; those who use it name it.
            if (NamespaceOf(metadata, method.GetDeclaringType()) is not { Length: > 0 } space || !counts(space)) continue;
            yield return names.Of(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            var body = file.GetMethodBody(method.RelativeVirtualAddress);
            foreach (var region in body.ExceptionRegions)
                yield return $"{region.Kind} {region.TryOffset}+{region.TryLength} {region.HandlerOffset}+{region.HandlerLength}{(region.CatchType.IsNil ? "" : " " + names.Of(region.CatchType))}";
            foreach (string instruction in Instructions(body, metadata, names)) yield return instruction;
        }
    }

    private static string NamespaceOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        while (type.IsNested) type = metadata.GetTypeDefinition(type.GetDeclaringType());
        return metadata.GetString(type.Namespace);
    }

    private static List<string> Instructions(MethodBodyBlock body, MetadataReader metadata, Names names)
    {
        var lines = new List<string>();
        var il = body.GetILReader();
        while (il.RemainingBytes > 0)
        {
            ushort code = il.ReadByte();
            if (code == 0xFE) code = (ushort)(0xFE00 | il.ReadByte());
            var operation = OpCodes[code];
            lines.Add($"{operation.Name} " + operation.OperandType switch
            {
                OperandType.InlineNone => "",
                OperandType.ShortInlineI or OperandType.ShortInlineVar or OperandType.ShortInlineBrTarget => il.ReadByte(),
                OperandType.InlineVar => il.ReadUInt16(),
                OperandType.InlineI or OperandType.InlineBrTarget or OperandType.ShortInlineR => il.ReadInt32(),
                OperandType.InlineI8 or OperandType.InlineR => il.ReadInt64(),
                OperandType.InlineSwitch => string.Join(' ', Enumerable.Range(0, il.ReadInt32()).Select(_ => il.ReadInt32())),
                OperandType.InlineString => metadata.GetUserString(MetadataTokens.UserStringHandle(il.ReadInt32() & 0xFFFFFF)),
                _ => names.Of(MetadataTokens.EntityHandle(il.ReadInt32())),
            });
        }
        return lines;
    }

    /// <summary>Types and members by name, generic arguments and parameters included.</summary>
    private sealed partial class Names(MetadataReader metadata) : ISignatureTypeProvider<string, object?>
    {
        public string Of(EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeDefinition => GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0),
            HandleKind.TypeReference => GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0),
            HandleKind.TypeSpecification => GetTypeFromSpecification(metadata, null, (TypeSpecificationHandle)handle, 0),
            HandleKind.FieldDefinition => Field(metadata.GetFieldDefinition((FieldDefinitionHandle)handle)),
            HandleKind.MethodDefinition => Method(metadata.GetMethodDefinition((MethodDefinitionHandle)handle)),
            HandleKind.MemberReference => Member(metadata.GetMemberReference((MemberReferenceHandle)handle)),
            HandleKind.MethodSpecification => Specialised(metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
            _ => handle.Kind.ToString(),
        };

        private string Field(FieldDefinition field) => $"{Of(field.GetDeclaringType())}.{metadata.GetString(field.Name)}";

        private string Method(MethodDefinition method) => $"{Of(method.GetDeclaringType())}.{metadata.GetString(method.Name)}{Signature(method.DecodeSignature(this, null))}";

        private string Member(MemberReference member) => $"{Of(member.Parent)}.{metadata.GetString(member.Name)}"
            + (member.GetKind() == MemberReferenceKind.Method ? Signature(member.DecodeMethodSignature(this, null)) : "");

        private string Specialised(MethodSpecification method) => $"{Of(method.Method)}<{string.Join(',', method.DecodeSignature(this, null))}>";

        private static string Signature(MethodSignature<string> signature) => $"({string.Join(',', signature.ParameterTypes)}){signature.ReturnType}";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeDefinition(handle);
            string name = PlaceOfTheBuild().Replace(reader.GetString(type.Name), "");
            return type.IsNested ? $"{Of(type.GetDeclaringType())}/{name}" : $"{reader.GetString(type.Namespace)}.{name}";
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            string scope = type.ResolutionScope.Kind == HandleKind.TypeReference ? Of(type.ResolutionScope) + "/" : "";
            return $"{scope}{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "*" + Signature(signature);

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(',', typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => $"{unmodifiedType} {modifier}";

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSZArrayType(string elementType) => elementType + "[]";

        // Anonymous types are numbered through the whole assembly; the name of a file's own type holds a hash of the file's path.
        [GeneratedRegex(@"(?<=AnonymousType)\d+|(?<=>F)[0-9A-F]{64}(?=__)")]
        private static partial Regex PlaceOfTheBuild();
    }
}
