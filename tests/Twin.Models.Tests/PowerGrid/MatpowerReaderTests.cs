using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.PowerGrid;

namespace LivingCity.Twin.Models.Tests.PowerGrid;

public sealed class MatpowerReaderTests
{
    [Fact]
    public void Read_EveryVariantOfTheFormat_GivesTheCase()
    {
        const string Text =
            """
            function mpc = odd
            %ODD a case with [brackets] and 'quotes' in its comments
            mpc.version = '2';
            %{
            mpc.baseMVA = 7; out, as a block
            %}
            mpc.baseMVA = 1/2 * 20;   % arithmetic
            mpc.bus_name = { 'a % b'; "c]" };
            mpc.bus = [ % kW below
              300, 3, 0, 0, 0, 0, 1, 1.02, 0, 12.66, 1, 1.1, 0.9
              7	1	1e3	-500	0	0	1	1	-0	12.66	1	1.1	0.9; 12 4 0 0 0 0 1 1 0 12.66 1 1.1 0.9;
            ];
            mpc.gen = [ 300 0 0 Inf -Inf 1.02 100 1 10 0;
              300 0 0 1 -1 1.02 100 0 10 0; ];
            mpc.branch = [
              7 300 0.5 1.0 0 0 0 0 0 0 1 -360 ...
                360;
            ];
            [PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, ...
              GS, BS] = idx_bus;
            mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD QD]) / 1e3;
            pf = 0.8;
            mpc.bus(:, QD) = mpc.bus(:, PD) .* sin(acos(pf)) / pf;
            mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) * (10^-1);
            """;

        var read = MatpowerReader.Read(Text);

        Assert.Equal(10, read.BasePower);
        Assert.Equal([300, 7, 12], read.Buses.Select(b => b.Number));
        Assert.Equal(BusType.Isolated, read.Buses[2].Type);
        Assert.Equal(1, read.Buses[1].ActiveLoad, 1e-12);
        Assert.Equal(0.75, read.Buses[1].ReactiveLoad, 1e-12);
        Assert.Equal(0.1, read.Branches[0].Reactance, 1e-12);
        Assert.Equal([true, false], read.Generators.Select(g => g.InService));
        Assert.True(double.IsPositiveInfinity(read.Generators[0].MaximumReactive));
    }

    [Fact]
    public void Read_VersionOne_GivesTheCase()
    {
        const string Text =
            """
            function [baseMVA, bus, gen, branch, areas, gencost] = old
            baseMVA = 100;
            bus = [ 1 3 0 0 0 0 1 1 0 345 1 1.1 0.9; 2 1 90 30 0 0 1 1 0 345 1 1.1 0.9 ];
            gen = [ 1 0 0 300 -300 1 100 1 250 10 ];
            branch = [ 1 2 0.01 0.1 0 250 250 250 0 0 1 ];
            return;
            """;

        Assert.Equal(90, MatpowerReader.Read(Text).Buses[1].ActiveLoad);
    }

    [Theory]
    [InlineData("mpc.baseMVA = 100;", "bus")]
    [InlineData("mpc.baseMVA = 100;\nmpc.bus = [1 2", "closed")]
    [InlineData("mpc.bus = [1 3 0 0 0 0 1 1 0; 1 1 0 0 0 0 1 1 0]; mpc.gen=[1 0 0 9 -9 1 100 1]; mpc.branch=[1 1 0 1 0 0]; mpc.baseMVA=1;", "twice")]
    [InlineData("mpc.bus = [1 3 0 0 0 0 1 1 0]; mpc.gen=[5 0 0 9 -9 1 100 1]; mpc.branch=[1 1 0 1 0 0]; mpc.baseMVA=1;", "bus 5")]
    [InlineData("mpc.bus = [1 3 0 0 0 0 1 1 0]; mpc.gen=[1 0 0 9 -9 1 100 1]; mpc.branch=[1 1 0 0 0 0]; mpc.baseMVA=1;", "impedance")]
    [InlineData("hello world", "hello")]
    public void Read_NoCase_SaysWhatIsWrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputFormatException>(() => MatpowerReader.Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("case14")]
    [InlineData("case33bw")]
    [InlineData("case1354pegase")]
    public void Write_PublishedCase_IsReadBackTheSame(string name)
    {
        var source = MatpowerReader.ReadFile(PublishedData.Path($"grid/{name}.m"));
        using var written = new StringWriter();

        MatpowerWriter.Write(source, written);

        var read = MatpowerReader.Read(written.ToString());
        Assert.Equal(source.BasePower, read.BasePower);
        Assert.Equal(source.Buses, read.Buses);
        Assert.Equal(source.Generators, read.Generators);
        Assert.Equal(source.Branches, read.Branches);
    }
}
