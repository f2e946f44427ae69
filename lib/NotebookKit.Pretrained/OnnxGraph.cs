using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace NotebookKit.Pretrained;

/// <summary>
/// What weights need of an ONNX file: its nodes and its constant tensors of 32-bit floats. The format is a protobuf message, of which the
/// fields below are read (numbers as in <c>onnx.proto3</c>) and all others passed over.
/// </summary>
internal sealed class OnnxGraph
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5, Float = 1;
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];

    private OnnxGraph()
    {
    }

    /// <summary>The operations, in the order in which they run.</summary>
    internal IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>The constants of 32-bit floats, by name.</summary>
    internal IReadOnlyDictionary<string, OnnxTensor> Tensors => _tensors;

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The bytes are no whole ONNX model.</exception>
    internal static OnnxGraph Parse(ReadOnlyMemory<byte> model)
    {
        OnnxGraph graph = new();
        try
        {
            foreach (var field in Fields(model))
                if (field is { Number: 7, Type: LengthDelimited }) graph.ReadGraph(field.Bytes); // ModelProto.graph
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("The ONNX model ends in the middle of a field; get the file again.", e);
        }
        return graph;
    }

    private void ReadGraph(ReadOnlyMemory<byte> graph)
    {
        foreach (var field in Fields(graph))
            if (field.Number == 1) _nodes.Add(ReadNode(field.Bytes));             // GraphProto.node
            else if (field.Number == 5) AddTensor(field.Bytes);                    // GraphProto.initializer
    }

    private static OnnxNode ReadNode(ReadOnlyMemory<byte> node)
    {
        List<string> inputs = [], outputs = [];
        string operation = "";
        foreach (var field in Fields(node))
            if (field.Number == 1) inputs.Add(Text(field));                        // NodeProto.input
            else if (field.Number == 2) outputs.Add(Text(field));                  // NodeProto.output
            else if (field.Number == 4) operation = Text(field);                   // NodeProto.op_type
        return new(operation, inputs, outputs);
    }

    private void AddTensor(ReadOnlyMemory<byte> tensor)
    {
        List<long> shape = [];
        string name = "";
        ReadOnlyMemory<byte> data = default;
        long type = 0;
        foreach (var field in Fields(tensor))
            if (field is { Number: 1, Type: Varint }) shape.Add(field.Value);      // TensorProto.dims, one by one or packed
            else if (field.Number == 1) shape.AddRange(Packed(field.Bytes));
            else if (field.Number == 2) type = field.Value;                        // TensorProto.data_type
            else if (field.Number == 8) name = Text(field);                        // TensorProto.name
            else if (field.Number == 9) data = field.Bytes;                        // TensorProto.raw_data, little-endian
        if (type == Float) _tensors[name] = new([.. shape], data);
    }

    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        for (int at = 0; at < message.Length;)
        {
            long key = ReadVarint(message.Span, ref at);
            (int number, int type) = ((int)(key >> 3), (int)(key & 7));
            long value = type is Varint or LengthDelimited ? ReadVarint(message.Span, ref at) : 0;
            int length = type switch
            {
                Varint => 0,
                Fixed64 => 8,
                LengthDelimited => checked((int)value),
                Fixed32 => 4,
                _ => throw new InvalidDataException($"Byte {at} of an ONNX message begins a field of the unknown type {type}; get the file again."),
            };
            yield return new(number, type, value, message.Slice(at, length));
            at += length;
        }
    }

    private static IEnumerable<long> Packed(ReadOnlyMemory<byte> numbers)
    {
        for (int at = 0; at < numbers.Length;) yield return ReadVarint(numbers.Span, ref at);
    }

    private static long ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes.Slice(at++, 1)[0];
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }

    private static string Text(Field field) => Encoding.UTF8.GetString(field.Bytes.Span);

    private readonly record struct Field(int Number, int Type, long Value, ReadOnlyMemory<byte> Bytes);
}

/// <summary>An operation of a graph: its kind, and the names of what it reads and writes.</summary>
internal sealed record OnnxNode(string Operation, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>A constant of a graph: its shape and its numbers as they are stored.</summary>
internal sealed record OnnxTensor(long[] Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>The numbers, row by row.</summary>
    internal float[] ToArray()
    {
        if (BitConverter.IsLittleEndian) return MemoryMarshal.Cast<byte, float>(Data.Span).ToArray();
        float[] numbers = new float[Data.Length / sizeof(float)];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(Data.Span[(i * sizeof(float))..]);
        return numbers;
    }
}
