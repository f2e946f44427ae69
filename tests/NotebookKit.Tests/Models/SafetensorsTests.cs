using System.Buffers.Binary;
using System.Text;
using CsCheck;
using NotebookKit.Pretrained;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ScalarType> Types =>
        [ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64];

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_written_is_read_back_bit_for_bit(ScalarType type)
    {
        using var scope = NewDisposeScope();
        string path = _folder.File("all.safetensors");
        Tensor matrix = randn(3, 5).mul(50).to(type), scalar = tensor(1).to(type), none = empty(0, 4).to(type);
        Safetensors.Write(path, [("b.matrix", matrix), ("a.transposed", matrix.t()), ("scalar", scalar), ("none", none)], new Dictionary<string, string> { ["format"] = "pt" });

        using Safetensors file = Safetensors.Open(path);
        Assert.Equal(["b.matrix", "a.transposed", "scalar", "none"], file.Entries.Select(e => e.Name));
        Assert.Equal("pt", file.Metadata["format"]);
        foreach ((string name, Tensor value) in new[] { ("b.matrix", matrix), ("a.transposed", matrix.t()), ("scalar", scalar), ("none", none) })
        {
            Tensor read = file.Read(name);
            Assert.Equal(type, read.dtype);
            Assert.Equal(value.shape, read.shape);
            Assert.True(read.to(float64).equal(value.to(float64)).all().item<bool>(), name);
        }
    }

    /// <summary>Bytes written by hand, as the format's description has them.</summary>
    [Fact]
    public void A_file_made_by_hand_is_read()
    {
        byte[] data = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0x80, 0x3f];
        string path = Write("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"h":{"dtype":"BF16","shape":[],"data_offsets":[8,10]}}  """, data);
        using Safetensors file = Safetensors.Open(path);
        using Tensor w = file.Read("w"), h = file.Read("h");
        Assert.Equal([1f, -2f], w.data<float>().ToArray());
        Assert.Equal(1f, h.to(float32).item<float>());
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "not the JSON")]
    [InlineData("[]", 0, "does not begin with '{'")]
    [InlineData("", 0, "not the JSON")]
    [InlineData("""  {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "does not begin with '{'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", 16, "'w' stands twice")]
    [InlineData("""{"w":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "two fields 'dtype'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", 8, "field 'more'")]
    [InlineData("""{"w":{"dtype":"F4","shape":[2],"data_offsets":[0,9]}}""", 8, "may be cut short")]
    [InlineData("""{"w":{"dtype":"F4","shape":[16],"data_offsets":[0,7]}}""", 8, "1 bytes after tensor 'w'")]
    [InlineData("""{"w":{"dtype":"F32","data_offsets":[0,8]}}""", 8, "lacks")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes and has 8")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 6, "may be cut short")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 bytes after tensor 'w'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "8 to 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "4 bytes between the header and tensor 'w'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'v' overlaps tensor 'w' by 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "not a count")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "not a count")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "absurd shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[0,4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""", 0, "absurd shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", 8, "may be cut short")]
    [InlineData("""{"w":7}""", 0, "not an object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not text")]
    public void A_broken_file_is_refused_with_its_name_and_a_cure(string header, int dataBytes, string fault)
    {
        string path = Write(header, new byte[dataBytes]);
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Open(path));
        Assert.Contains(path, error.Message);
        Assert.Contains(fault, error.Message);
        Assert.Contains("Get the file again", error.Message);
    }

    [Theory]
    [InlineData(0ul, 3, "has 3 bytes")]
    [InlineData(1000ul, 8, "claims 1000 bytes and the file ends after 0")]
    [InlineData(ulong.MaxValue, 8, "more than the 100000000")]
    public void A_header_longer_than_the_file_is_refused(ulong claimed, int fileBytes, string fault)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimed);
        string path = _folder.File("short.safetensors");
        File.WriteAllBytes(path, bytes[..fileBytes]);
        Assert.Contains(fault, Assert.Throws<InvalidDataException>(() => Safetensors.Open(path)).Message);
    }

    /// <summary>Any damage is either refused by name or leaves a file whose tensors can all be read.</summary>
    [Fact]
    public void Random_damage_never_escapes_as_another_error()
    {
        using Tensor w = arange(6, dtype: float32);
        string sound = _folder.File("sound.safetensors");
        Safetensors.Write(sound, [("w", w), ("v", w), ("layer.0.bias", w)]);
        byte[] bytes = File.ReadAllBytes(sound);
        int refused = 0;
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Array[1, 4].Sample(edits =>
        {
            byte[] damaged = [.. bytes];
            foreach ((int at, byte value, _) in edits) damaged[at] = value;
            if (edits[0].Item2 % 4 == 0) damaged = damaged[..edits[0].Item3];
            string path = _folder.File(Guid.NewGuid() + ".safetensors");
            File.WriteAllBytes(path, damaged);
            try
            {
                using Safetensors file = Safetensors.Open(path);
                foreach (TensorEntry entry in file.Entries) file.Read(entry.Name).Dispose();
            }
            catch (InvalidDataException)
            {
                Interlocked.Increment(ref refused);
            }
            File.Delete(path);
        }, iter: 1500);
        Assert.True(refused > 500, $"only {refused} of 1500 damaged files were refused");
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_half_written()
    {
        string path = _folder.File("kept.safetensors");
        using Tensor w = ones(2), complex = zeros(2, dtype: complex64);
        Safetensors.Write(path, [("w", w)]);
        byte[] before = File.ReadAllBytes(path);
        Assert.Contains("'c'", Assert.Throws<ArgumentException>(() => Safetensors.Write(path, [("w", w), ("c", complex)])).Message);
        Assert.Contains("'w'", Assert.Throws<ArgumentException>(() => Safetensors.Write(path, [("w", w), ("w", w)])).Message);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("F8_E4M3", 2, 2)]
    [InlineData("C64", 2, 16)]
    [InlineData("F8_E8M0", 3, 3)]
    [InlineData("F4", 16, 8)]
    [InlineData("F6_E2M3", 4, 3)]
    [InlineData("F6_E3M2", 4, 3)]
    [InlineData("A_TYPE_TO_COME", 5, 7)]
    public void A_number_format_that_cannot_be_read_hides_no_other_tensor(string type, int count, int bytes)
    {
        string path = Write($$$"""{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"{{{type}}}","shape":[{{{count}}}],"data_offsets":[4,{{{4 + bytes}}}]}}""", [.. BitConverter.GetBytes(2.5f), .. new byte[bytes]]);
        using Safetensors file = Safetensors.Open(path);
        Assert.Contains($"'w' is stored as {type}", Assert.Throws<InvalidDataException>(() => file.Read("w")).Message);
        using Tensor v = file.Read("v");
        Assert.Equal(2.5f, v.item<float>());
        Assert.Contains("'u'", Assert.Throws<KeyNotFoundException>(() => file.Read("u")).Message);
    }

    private string Write(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        string path = _folder.File("made.safetensors");
        File.WriteAllBytes(path, [.. length, .. text, .. data]);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
