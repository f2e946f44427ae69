using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies an ELF64 library and marks one required symbol version as weak (VER_FLG_WEAK), so that the loader
/// accepts a system library that does not define it. A library that does not ask for the version is copied as it is.
/// </summary>
public sealed class WeakenSymbolVersion : Task
{
    const uint VersionNeedsSection = 0x6ffffffe; // SHT_GNU_verneed
    const int WeakFlag = 2;                      // VER_FLG_WEAK

    [Required] public string Source { get; set; }
    [Required] public string Destination { get; set; }
    [Required] public string Version { get; set; }

    public override bool Execute()
    {
        byte[] elf = File.ReadAllBytes(Source);
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[4] != 2 || elf[5] != 1)
        {
            Log.LogError("{0} is not a little-endian 64-bit ELF file; restore the TorchSharp package again.", Source);
            return false;
        }
        Weaken(elf);
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        File.Delete(Destination); // never write through a hard link
        File.WriteAllBytes(Destination, elf);
        return true;
    }

    void Weaken(byte[] elf)
    {
        long sections = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a), count = BitConverter.ToUInt16(elf, 0x3c);
        for (int i = 0; i < count; i++)
        {
            int header = (int)sections + i * size;
            if (BitConverter.ToUInt32(elf, header + 4) != VersionNeedsSection) continue;
            int names = (int)BitConverter.ToInt64(elf, (int)sections + (int)BitConverter.ToUInt32(elf, header + 40) * size + 24);
            int need = (int)BitConverter.ToInt64(elf, header + 24);
            for (int next = -1; next != 0; need += next)
            {
                int aux = need + (int)BitConverter.ToUInt32(elf, need + 8);
                for (int step = -1; step != 0; aux += step)
                {
                    if (NameAt(elf, names + (int)BitConverter.ToUInt32(elf, aux + 8)) == Version) elf[aux + 4] |= WeakFlag;
                    step = (int)BitConverter.ToUInt32(elf, aux + 12);
                }
                next = (int)BitConverter.ToUInt32(elf, need + 12);
            }
        }
    }

    static string NameAt(byte[] elf, int start)
    {
        int end = Array.IndexOf(elf, (byte)0, start);
        return Encoding.ASCII.GetString(elf, start, end - start);
    }
}
