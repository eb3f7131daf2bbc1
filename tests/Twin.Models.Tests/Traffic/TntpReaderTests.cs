using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Models.Tests.Traffic;

public sealed class TntpReaderTests
{
    private const string Head = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 2\n<DISTANCE FACTOR> 0.04\n<END OF METADATA>\n\n";

    [Fact]
    public void ReadNetwork_SpacesTabsCommentsAndShortRows_AreRead()
    {
        var network = TntpReader.ReadNetwork(Head + "~ from to cap\n\t1\t3\t1.5e3\t2\t0\t0\t0\t;\n 3 2 10 1 6 .15 4 25 0.5 3;  ~ last\n");

        Assert.Equal((2, 3, 3, 0.04), (network.Zones, network.Nodes, network.FirstThroughNode, network.DistanceFactor));
        Assert.Equal(new RoadLink(3, 2, 10, 1, 6, 0.15, 4, 25, 0.5, 3), network.Links[1]);
        Assert.Equal(0, network.Links[0].FreeFlowTime);
    }

    [Fact]
    public void ReadNetwork_ColumnNamesWithoutAComment_AreSkipped()
    {
        var network = TntpReader.ReadNetwork(Head.Replace("<", " <", StringComparison.Ordinal) + "Init node Term node Capacity ;\r\n1\t3\t10\t1\t6\t.15\t4;\r\n\r\n3 2 10 1 6 .15 4 ;\r\n");

        Assert.Equal([(1, 3), (3, 2)], network.Links.Select(l => (l.From, l.To)));
    }

    [Fact]
    public void ReadTrips_SeveralPairsOnALine_AreRead()
    {
        var trips = TntpReader.ReadTrips("<NUMBER OF ZONES> 3\n<END OF METADATA>\nOrigin  1\n 2 : 10.5; 3:4 ;\nOrigin 3 1 : 1e2;\n");

        Assert.Equal((10.5, 4, 100, 114.5), (trips[1, 2], trips[1, 3], trips[3, 1], trips.Total));
    }

    [Theory]
    [InlineData("1 3 10 1 6 .15;\n3 2 10 1 6 .15 4;", "7 values")]
    [InlineData("1 9 10 1 6 .15 4;\n3 2 10 1 6 .15 4;", "from 1 to 3")]
    [InlineData("1 3 10 1 six .15 4;\n3 2 10 1 6 .15 4;", "six")]
    [InlineData("1 3 0 1 6 .15 4;\n3 2 10 1 6 .15 4;", "capacity")]
    [InlineData("1 3 10 1 6 .15 4;", "announced")]
    public void ReadNetwork_Broken_SaysWhatIsWrong(string rows, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputFormatException>(() => TntpReader.ReadNetwork(Head + rows)).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_NetworkAndTrips_AreReadBackTheSame()
    {
        var network = TntpReader.ReadNetwork(Head + "1 3 1500 2 0.1 0 0;\n3 2 10 1 6 .15 4.446 25 0.5 3;\n");
        var trips = new TripMatrix(2) { [1, 2] = 0.1 + 0.2 };
        using StringWriter written = new(), writtenTrips = new();

        TntpWriter.WriteNetwork(network, written);
        TntpWriter.WriteTrips(trips, writtenTrips);

        var read = TntpReader.ReadNetwork(written.ToString());
        Assert.Equal(network.Links, read.Links);
        Assert.Equal(network with { Links = [] }, read with { Links = [] });
        Assert.Equal(0.1 + 0.2, TntpReader.ReadTrips(writtenTrips.ToString())[1, 2]);
    }
}
